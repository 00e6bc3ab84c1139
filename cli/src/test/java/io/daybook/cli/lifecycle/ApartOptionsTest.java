package io.daybook.cli.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daybook.cli.Daybook;
import io.daybook.cli.terminal.CommandFailed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ApartOptionsTest {

    @TempDir
    private Path folder;

    @Test
    void without_an_nginx_it_says_how_to_get_one() throws Exception {
        assertThatThrownBy(() -> ApartOptions.requireNginx(folder + ":" + folder.resolve("none") + ":"))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("there is none on this machine")
                .hasMessageContaining("apt-get install nginx libnginx-mod-stream");
        Files.createFile(
                folder.resolve("nginx"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertThatCode(() -> ApartOptions.requireNginx("/nowhere:" + folder)).doesNotThrowAnyException();
    }

    private String refused(String... options) {
        StringWriter told = new StringWriter();
        CommandLine daybook = Daybook.commandLine().setErr(new PrintWriter(told));
        String[] line = new String[options.length + 3];
        line[0] = "up";
        line[1] = "--data";
        line[2] = folder.toString();
        System.arraycopy(options, 0, line, 3, options.length);
        assertThat(daybook.execute(line)).isEqualTo(CommandLine.ExitCode.USAGE);
        return told.toString();
    }

    @Test
    void numbers_of_nodes_have_bounds_and_belong_to_sides_apart() {
        assertThat(refused("--apart", "--query-nodes", "0")).contains("1 to 16 nodes on a machine, not 0");
        assertThat(refused("--apart", "--command-nodes", "17")).contains("1 to 16 nodes on a machine, not 17");
        assertThat(refused("--command-nodes", "2")).contains("--apart");
    }
}
