/* main() of a program that has a wmain(); a main() of its own takes its place. A C++ compiler writes the parameters of
 * wmain() into its name. */
#include "sim/program/include/win32.h"

typedef int wide_main(int argc, wchar_t **argv, wchar_t **environment);

wide_main in_c __asm__("wmain") __attribute__((weak));
wide_main with_two __asm__("_Z5wmainiPPw") __attribute__((weak));
wide_main with_constants __asm__("_Z5wmainiPPKw") __attribute__((weak));
wide_main with_three __asm__("_Z5wmainiPPwS0_") __attribute__((weak));
wide_main with_none __asm__("_Z5wmainv") __attribute__((weak));

static wide_main *entry(void) {
    wide_main *const all[] = { in_c, with_two, with_constants, with_three, with_none };
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] != NULL) return all[i];
    fputs("reservoir: the program has neither main() nor wmain()\n", stderr);
    exit(EXIT_FAILURE);
}

__attribute__((weak)) int main(int argc, char **argv) {
    wchar_t **wide = calloc((size_t)argc + 1, sizeof *wide), *none = NULL;
    for (int i = 0; wide != NULL && i < argc; i++) {
        int length = (int)strlen(argv[i]) + 1;
        wide[i] = malloc((size_t)length * sizeof **wide);
        if (wide[i] == NULL || MultiByteToWideChar(CP_UTF8, 0, argv[i], -1, wide[i], length) == 0) return EXIT_FAILURE;
    }
    return wide == NULL ? EXIT_FAILURE : entry()(argc, wide, &none);
}
