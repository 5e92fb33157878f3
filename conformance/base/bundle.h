/* A folder of text files as one file that people can send: a head, then each file's name and length on a line and its
 * bytes below.
 *
 *     reservoir result 1
 *     == associate/after-bind[tcp.v4].trace 812
 *     ...
 *     == end 654
 *
 * Names are relative and have forward slashes. What comes from others is unpacked only when all of it is as it should
 * be: no name leads out of the folder, each length holds, the number of files is the one at the end. */
#ifndef RESERVOIR_CONFORMANCE_BUNDLE_H
#define RESERVOIR_CONFORMANCE_BUNDLE_H

#include "conformance/base/folders.h"
#include "conformance/base/reason.h"

enum { BUNDLE_BYTES_MAX = 256 << 20, BUNDLE_FILE_BYTES_MAX = 16 << 20 };

/* Writes all files below `folder` whose names end so into one. `endings` ends with NULL. False with `reason`. */
bool bundle_write(const char *folder, const char *const *endings, const char *file, struct reason *reason);

/* Does this file begin as a bundle does? */
bool bundle_is(const char *file);

/* Writes the bundle's files below `folder`. False with `reason`, which names the line, and nothing written, when the
 * bundle is not whole. */
bool bundle_unpack(const char *file, const char *folder, struct reason *reason);

#endif
