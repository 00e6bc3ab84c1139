/** What is rendered from the manifests: whether a cluster would take it, and whether its parts fit together. */
@NullMarked
package io.daybook.k8s;

import org.jspecify.annotations.NullMarked;
