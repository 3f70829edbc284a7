/**
 * Files and folders of our own, where the Java platform leaves a gap. It knows nothing of what is in them. Entry class: {@link
 * io.palimpsest.platform.file.FolderTree}.
 */
@NullMarked
package io.palimpsest.platform.file;

import org.jspecify.annotations.NullMarked;
