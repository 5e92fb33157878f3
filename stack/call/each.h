/* EACH(put, between, none, context, ...): a list written as (a, b), (c, d) becomes
 *
 *   put(context, a, b, , ) between() put(context, c, d, , )
 *
 * and the list NO_PARAMETERS becomes `none`. Up to 11 items. `between` is the name of a function-like macro: COMMA, or
 * NOTHING where each item brings its own. An item may leave its last fields out: they arrive empty, so `put` has one
 * parameter for each field and `...` for the rest. */
#ifndef RESERVOIR_STACK_CALL_EACH_H
#define RESERVOIR_STACK_CALL_EACH_H

/* clang-format off */
#define COMMA() ,
#define NOTHING()

#define EACH(put, between, none, context, ...) \
    EACH_COUNTED(EACH_COUNT(__VA_ARGS__, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1), put, between, none, context, __VA_ARGS__)
#define EACH_COUNT(a, b, c, d, e, f, g, h, i, j, k, count, ...) count
#define EACH_COUNTED(count, ...) EACH_COUNTED_(count, __VA_ARGS__)
#define EACH_COUNTED_(count, ...) EACH_##count(__VA_ARGS__)

#define EACH_ITEM(put, context, item) EACH_APPLY(put, context, EACH_FIELDS item, , )
#define EACH_APPLY(put, ...) put(__VA_ARGS__)
#define EACH_FIELDS(...) __VA_ARGS__

/* A list of one may be NO_PARAMETERS: what is in parentheses is an item. */
#define EACH_1(put, between, none, c, item) EACH_ONE(EACH_SECOND(EACH_IS_ITEM item, NO, ), put, none, c, item)
#define EACH_IS_ITEM(...) , YES
#define EACH_SECOND(...) EACH_SECOND_(__VA_ARGS__)
#define EACH_SECOND_(first, second, ...) second
#define EACH_ONE(is_item, ...) EACH_ONE_(is_item, __VA_ARGS__)
#define EACH_ONE_(is_item, ...) EACH_ONE_##is_item(__VA_ARGS__)
#define EACH_ONE_YES(put, none, c, item) EACH_ITEM(put, c, item)
#define EACH_ONE_NO(put, none, c, item) none

#define EACH_2(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_1(put, between, none, c, __VA_ARGS__)
#define EACH_3(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_2(put, between, none, c, __VA_ARGS__)
#define EACH_4(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_3(put, between, none, c, __VA_ARGS__)
#define EACH_5(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_4(put, between, none, c, __VA_ARGS__)
#define EACH_6(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_5(put, between, none, c, __VA_ARGS__)
#define EACH_7(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_6(put, between, none, c, __VA_ARGS__)
#define EACH_8(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_7(put, between, none, c, __VA_ARGS__)
#define EACH_9(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_8(put, between, none, c, __VA_ARGS__)
#define EACH_10(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_9(put, between, none, c, __VA_ARGS__)
#define EACH_11(put, between, none, c, item, ...) \
    EACH_ITEM(put, c, item) between() EACH_10(put, between, none, c, __VA_ARGS__)
/* clang-format on */

#endif
