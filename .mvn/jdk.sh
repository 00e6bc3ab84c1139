# Sets JAVA_HOME to a JDK 25 or newer. Sourced by ./mvnw and ./daybook, so that both work where the default java is older.
# Looks at JAVA_HOME first, then at the java on the PATH, then where systems and version managers keep their JDKs.

daybook_jdk_release() { # prints the feature release of the JDK in $1, or nothing
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

daybook_find_jdk() {
  wanted=25
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path" 2>/dev/null) || on_path=
  for jdk in "${JAVA_HOME:-}" "${on_path%/bin/javac}" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$jdk" ] || continue
    release=$(daybook_jdk_release "$jdk")
    if [ -n "$release" ] && [ "$release" -ge "$wanted" ]; then
      JAVA_HOME=$jdk
      export JAVA_HOME
      return 0
    fi
  done
  echo "Daybook needs a JDK $wanted or newer, and none was found in JAVA_HOME, on the PATH or in the usual places." >&2
  echo "Install one (https://adoptium.net/temurin/releases/?version=$wanted) and set JAVA_HOME to it." >&2
  return 1
}

daybook_find_jdk || exit 1
