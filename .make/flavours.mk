# flavours.mk: with which compiler and flags each flavour is built. A flavour has a folder of its own in build/.
#
# compiler.F   the command
# flags.F      flags for compiling; assertions stay on everywhere but in the benchmarks
# before.F     what stands before the objects when a program is linked
# links.F      what stands after them
# libraries.F  the libraries that it has, as pkg-config calls them; a flavour without compiles *_without.c
# late.F       those that its programs load when they need them (sim/late): compiled with, not linked
# agent.F      whether the agent's test build can be made: its records describe 64-bit Windows
# tests.F      where CUnit comes from: pkg-config's name, or nothing for the stand-in of ours

flavours := gcc clang sanitize coverage clang-O3 m32 windows bench fuzz

# The flavour gcc is the default one: what is installed, with the caller's compiler and flags.
ifeq ($(origin CC),default)
CC := gcc
endif
AR       ?= ar
CPPFLAGS ?=
CFLAGS   ?= -O2 -g
LDFLAGS  ?=

# CFLAGS come last: who packages Reservoir may say CFLAGS='-O2 -Wno-error'. Tests are compiled with -O0 after all that.
warnings := -Wall -Wextra -Werror -Wconversion -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wcast-qual -Wundef \
    -Wwrite-strings

# assert(!"why") is how we say that a place is never reached.
clang_too_much := -Wno-string-conversion

sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
libraries  := jansson
late       := libxml-2.0 libpcap

# The same objects go into programs, archives and shared libraries: of those only what is exported can be seen from
# outside (PROVIDER_EXPORT).
compiler.gcc       := $(CC)
flags.gcc          := -fPIC -fvisibility=hidden $(CPPFLAGS) $(CFLAGS)
before.gcc         := $(LDFLAGS)

compiler.clang     := clang
flags.clang        := -O2 -g $(clang_too_much)

compiler.sanitize  := gcc
flags.sanitize     := -O1 -g1 $(sanitizers)
links.sanitize     := $(sanitizers)

# A source that no test touches must be counted as well, so all of the library is linked. Its traces are those of a
# compiler that optimizes nothing (traces_compare.sh).
compiler.coverage  := gcc
flags.coverage     := -O0 --coverage
before.coverage    := -Wl,--whole-archive
links.coverage     := -Wl,--no-whole-archive --coverage

# Without -g a file is compiled in four fifths of the time, and no one looks with a debugger into coverage's programs,
# into these, and into those for 32 bits. A sanitizer needs lines (-g1).
compiler.clang-O3  := clang
flags.clang-O3     := -O3 $(clang_too_much)

# Debian has libraries and CUnit for the word size of the machine only.
compiler.m32       := gcc -m32
flags.m32          := -O2
libraries.m32      :=
tests.m32          :=
agent.m32          :=

# Without a time stamp in the file, two builds of the same source are the same bytes.
compiler.windows   := x86_64-w64-mingw32-gcc
flags.windows      := -O2 -g -D__USE_MINGW_ANSI_STDIO=1
links.windows      := -static -Wl,--no-insert-timestamp -lws2_32 -liphlpapi -ladvapi32
libraries.windows  :=
agent.windows      :=

# Without assertions, what only they look at is unused.
compiler.bench     := gcc
flags.bench        := -O3 -DNDEBUG -Wno-unused-parameter -Wno-unused-variable -Wno-unused-but-set-variable

compiler.fuzz      := clang
flags.fuzz         := $(clang_too_much) -O1 -g -fsanitize=fuzzer-no-link $(sanitizers)
links.fuzz         := -fsanitize=fuzzer $(sanitizers)

# What is not said above.
define flavour_defaults
before.$(1)    ?=
links.$(1)     ?=
libraries.$(1) ?= $(libraries)
late.$(1)      ?= $$(if $$(libraries.$(1)),$(late))
tests.$(1)     ?= cunit libxml-2.0
agent.$(1)     ?= yes
endef
$(foreach flavour,$(flavours),$(eval $(call flavour_defaults,$(flavour))))
