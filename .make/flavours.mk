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

flavours := gcc clang sanitize coverage gcc-O0 clang-O3 m32 windows bench fuzz plugin

# The flavour gcc is the default one: what is installed, with the caller's compiler and flags.
ifeq ($(origin CC),default)
CC := gcc
endif
AR       ?= ar
CPPFLAGS ?=
CFLAGS   ?= -O2 -g
LDFLAGS  ?=

# CFLAGS come last: who packages Reservoir may say CFLAGS='-O2 -Wno-error'.
warnings := -Wall -Wextra -Werror -Wconversion -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wcast-qual -Wundef \
    -Wwrite-strings

# assert(!"why") is how we say that a place is never reached.
clang_too_much := -Wno-string-conversion

sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
libraries  := jansson
late       := libxml-2.0 libpcap

compiler.gcc       := $(CC)
flags.gcc          := $(CPPFLAGS) $(CFLAGS)
before.gcc         := $(LDFLAGS)

compiler.clang     := clang
flags.clang        := -O2 -g $(clang_too_much)

compiler.sanitize  := gcc
flags.sanitize     := -O1 -g $(sanitizers)
links.sanitize     := $(sanitizers)

# A source that no test touches must be counted as well, so all of the library is linked.
compiler.coverage  := gcc
flags.coverage     := -O0 -g --coverage
before.coverage    := -Wl,--whole-archive
links.coverage     := -Wl,--no-whole-archive --coverage

# No one looks into these two, and what is built for 32 bits, with a debugger: without -g that is compiled in four
# fifths of the time.
compiler.gcc-O0    := gcc
flags.gcc-O0       := -O0

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

# What goes into a shared library: its names cannot be seen from outside, except those that are exported.
compiler.plugin    := gcc
flags.plugin       := -O2 -g -fPIC -fvisibility=hidden
libraries.plugin   :=

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
