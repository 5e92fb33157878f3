/* The persistent store in a file, so that what one run reserves is there in the next (`reservoir run --store FILE`).
 *
 * The file holds the stores of both protocols (system/store.h), each with room for STORE_FILE_CAPACITY blocks; every
 * copy begins at a multiple of STORE_FILE_COPY_BYTES, so that no two of them share a sector of a real disk. It is
 * written as the store itself is: the copy that is not in use, sector after sector. A run that is killed leaves the old
 * or the new store. (Not so a machine that loses its power: nothing here waits for the disk.) A file that is not there
 * is an empty store. */
#ifndef RESERVOIR_SIM_STORE_FILE_H
#define RESERVOIR_SIM_STORE_FILE_H

#include "stack/system/store.h"
#include "stack/world.h"

enum { STORE_FILE_CAPACITY = 1024, STORE_FILE_COPY_BYTES = 16384 };

enum store_file_answer {
    STORE_FILE_DONE,
    STORE_FILE_UNREADABLE, /* errno says why */
    STORE_FILE_UNWRITABLE, /* likewise */
    STORE_FILE_TOO_MANY,   /* more blocks than the world has room for: nothing was loaded */
    STORE_FILE_FOREIGN,    /* no store is in it, and something else is: it is not ours to write over */
};

/* What is wrong with the file's contents is added to `findings`. */
enum store_file_answer store_file_check(const char *path, struct store_findings *findings);

/* Puts the blocks of the file into the store of a new world, in which no process is alive, and boots it. */
enum store_file_answer store_file_load(const char *path, struct world *world);

/* Brings the file to what the world's store holds. Untouched when they agree already. */
enum store_file_answer store_file_save(const char *path, const struct world *world);

/* An answer other than STORE_FILE_DONE in words, with errno where it says more. `text` holds at least 160 bytes. */
void store_file_text(enum store_file_answer answer, char *text, unsigned text_size);

#endif
