/* The handle index of a large world: from a process and a number to the handle's row in a few steps, however many
 * handles there are. An open-addressing table in the world's block; a small world has none and is searched row by
 * row. */
#ifndef RESERVOIR_STACK_SYSTEM_HANDLE_INDEX_H
#define RESERVOIR_STACK_SYSTEM_HANDLE_INDEX_H

#include "stack/world.h"

bool handle_index_present(const struct world *world);

/* The row of a number in a process, or NO_ROW. The world has an index (asserted). */
unsigned handle_index_find(const struct world *world, unsigned process, uint64_t number);

/* A row has been filled / is about to be freed. Nothing happens in a world without an index. */
void handle_index_add(struct world *world, unsigned row);
void handle_index_remove(struct world *world, unsigned row);

#endif
