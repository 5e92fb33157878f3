/* EACH(do, between, none, context, ...): a list written as (a, b), (c, d) becomes
 *
 *   do(context, a, b, , ) between() do(context, c, d, , )
 *
 * and the list NO_PARAMETERS becomes `none`. Up to 11 items. `between` is the name of a function-like macro: COMMA, or
 * NOTHING where each item brings its own. An item may leave its last fields out: they arrive empty, so `do` has one
 * parameter for each field and `...` for the rest. */
#ifndef RESERVOIR_STACK_CALL_EACH_H
#define RESERVOIR_STACK_CALL_EACH_H

#define COMMA() ,
#define NOTHING()

#define EACH(do, between, none, context, ...) \
    EACH_COUNTED(EACH_COUNT(__VA_ARGS__, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1), do, between, none, context, __VA_ARGS__)
#define EACH_COUNT(a, b, c, d, e, f, g, h, i, j, k, count, ...) count
#define EACH_COUNTED(count, ...) EACH_COUNTED_(count, __VA_ARGS__)
#define EACH_COUNTED_(count, ...) EACH_##count(__VA_ARGS__)

#define EACH_ITEM(do, context, item) EACH_APPLY(do, context, EACH_FIELDS item, , )
#define EACH_APPLY(do, ...) do(__VA_ARGS__)
#define EACH_FIELDS(...) __VA_ARGS__

/* A list of one may be NO_PARAMETERS: what is in parentheses is an item. */
#define EACH_1(do, between, none, c, item) EACH_ONE(EACH_SECOND(EACH_IS_ITEM item, NO, ), do, none, c, item)
#define EACH_IS_ITEM(...) , YES
#define EACH_SECOND(...) EACH_SECOND_(__VA_ARGS__)
#define EACH_SECOND_(first, second, ...) second
#define EACH_ONE(is_item, ...) EACH_ONE_(is_item, __VA_ARGS__)
#define EACH_ONE_(is_item, ...) EACH_ONE_##is_item(__VA_ARGS__)
#define EACH_ONE_YES(do, none, c, item) EACH_ITEM(do, c, item)
#define EACH_ONE_NO(do, none, c, item) none

#define EACH_2(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_1(do, between, none, c, __VA_ARGS__)
#define EACH_3(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_2(do, between, none, c, __VA_ARGS__)
#define EACH_4(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_3(do, between, none, c, __VA_ARGS__)
#define EACH_5(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_4(do, between, none, c, __VA_ARGS__)
#define EACH_6(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_5(do, between, none, c, __VA_ARGS__)
#define EACH_7(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_6(do, between, none, c, __VA_ARGS__)
#define EACH_8(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_7(do, between, none, c, __VA_ARGS__)
#define EACH_9(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_8(do, between, none, c, __VA_ARGS__)
#define EACH_10(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_9(do, between, none, c, __VA_ARGS__)
#define EACH_11(do, between, none, c, item, ...) EACH_ITEM(do, c, item) between() EACH_10(do, between, none, c, __VA_ARGS__)

#endif
