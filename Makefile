# Reservoir. `make help` lists what can be asked for; `make conform` and `make test` are the two to know.
#
# Sources are found at any depth: a new file or folder needs no line here. What is compiled is decided by its place and name:
#   stack/ conformance/ reports/ sim/    the library libreservoir.a; reports/main.c is the command line on top of it
#   tests/test_*.c, at any depth          unit tests; each has `void register_<thing>_tests(void);`
#   conformance/agent/                   the Windows program; *_model.c in its test build, *_real.c in the other;
#                                        what it needs for tests is in its tests/
#   bench/bench_*.c, at any depth         benchmarks, one program each
#   *_posix.c, *_windows.c               only on the one or the other
#   *_jansson.c, *_libxml2.c             only in flavours that have these libraries, all but m32 and windows;
#   *_without.c                          in their stead in the others
# Everything built lands in build/, in a folder for each flavour (compiler, optimisation, machine).

MAKEFLAGS += --no-builtin-rules
# As many jobs as processors, unless somebody else has decided.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
SHELL := /bin/sh
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
.SECONDARY:

FUZZ_SECONDS ?= 600
scripts := .make

# ---- Flavours: compiler, flags for compiling, flags for linking, what must be installed ------------------------------

flavours := gcc clang sanitize coverage gcc-O0 clang-O3 m32 windows bench fuzz

sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

compiler.gcc      := gcc
compiler.clang    := clang
compiler.sanitize := gcc
compiler.coverage := gcc
compiler.gcc-O0   := gcc
compiler.clang-O3 := clang
compiler.m32      := gcc -m32
compiler.windows  := x86_64-w64-mingw32-gcc
compiler.bench    := gcc
compiler.fuzz     := clang

# Assertions stay on everywhere but in the benchmarks.
flags.gcc      := -O2 -g
flags.clang    := -O2 -g
flags.sanitize := -O1 -g $(sanitizers)
flags.coverage := -O0 -g --coverage
flags.gcc-O0   := -O0 -g
flags.clang-O3 := -O3 -g
flags.m32      := -O2 -g
flags.windows  := -O2 -g -D__USE_MINGW_ANSI_STDIO=1
# Without assertions, what only they look at is unused.
flags.bench    := -O3 -DNDEBUG -Wno-unused-parameter -Wno-unused-variable -Wno-unused-but-set-variable
flags.fuzz     := -O1 -g -fsanitize=fuzzer-no-link $(sanitizers)

# Without a time stamp in the file, two builds of the same source are the same bytes.
links.sanitize := $(sanitizers)
# A source that no test touches must be counted as well, so all of the library is linked.
before.coverage := -Wl,--whole-archive
links.coverage := -Wl,--no-whole-archive --coverage
links.windows  := -static -Wl,--no-insert-timestamp -lws2_32 -liphlpapi -ladvapi32
links.fuzz     := -fsanitize=fuzzer $(sanitizers)

needs.gcc      := build
needs.clang    := build clang
needs.sanitize := build
needs.coverage := build coverage
needs.gcc-O0   := build
needs.clang-O3 := build clang
needs.m32      := m32
needs.windows  := agent
needs.bench    := build
needs.fuzz     := build clang

# Debian has CUnit for the word size of the machine only: with -m32 a stand-in of ours runs the same tests.
$(foreach flavour,$(filter-out m32,$(flavours)),$(eval cunit_link.$(flavour) := -lcunit))
cunit_source.m32 = $(cunit_stand_in)

warnings := -std=c17 -Wall -Wextra -Werror -I.

# Debian has the libraries for the word size of the machine only.
$(foreach flavour,$(filter-out m32 windows,$(flavours)),$(eval has_libraries.$(flavour) := yes))
library_flags = $(if $(has_libraries.$(1)),-isystem /usr/include/libxml2)
library_links = $(if $(has_libraries.$(1)),-ljansson -lxml2)

# ---- Sources -------------------------------------------------------------------------------------------------------

# What of the agent knows nothing of Windows: it is in the library, where tests reach it.
agent_pure := $(patsubst %,conformance/agent/%.c,boot_mark journal netsh_text)

# Every C source of the tree, at any depth: this is the one place that looks for them.
sources := $(sort $(shell find stack sim conformance reports -name '*.c'))
# $(call in,FOLDER): the sources anywhere below folders of that name; $(call outside,FOLDERS): those in none of them.
in      = $(foreach source,$(sources),$(if $(findstring /$(1)/,/$(source)),$(source)))
outside = $(foreach source,$(sources),$(if $(strip $(foreach folder,$(1),$(findstring /$(folder)/,/$(source)))),,$(source)))

# What tests share (unit_main.c among it) is every other file in their folders, save the stand-in for CUnit.
cunit_stand_in  := conformance/tests/cunit_stand_in.c
test_sources    := $(foreach source,$(call in,tests),$(if $(filter test_%.c,$(notdir $(source))),$(source)))
fuzz_sources    := $(foreach source,$(call in,tests),$(if $(filter fuzz_%.c,$(notdir $(source))),$(source)))
bench_sources   := $(foreach source,$(call in,bench),$(if $(filter bench_%.c,$(notdir $(source))),$(source)))
agent_sources   := $(filter-out $(agent_pure) conformance/agent/tests/%,$(call in,conformance/agent))
unit_sources    := $(filter-out $(fuzz_sources) $(cunit_stand_in) conformance/agent/tests/%,$(call in,tests))
library_sources := $(filter-out reports/main.c,$(call outside,tests bench conformance/agent)) $(agent_pure)

# $(call fit,FLAVOUR,SOURCES): those that belong on the flavour's system, with the libraries that it has.
fit = $(filter-out $(if $(filter windows,$(1)),%_posix.c,%_windows.c) \
    $(if $(has_libraries.$(1)),%_without.c,%_jansson.c %_libxml2.c),$(2))
# $(call objects,FLAVOUR,SOURCES)
objects = $(patsubst %.c,build/$(1)/objects/%.o,$(call fit,$(1),$(2)))

# `make V=1` shows the commands themselves.
quiet := $(if $(V),,@)
say    = @printf '  %-9s %s\n' '$(1)' '$(2)'

# ---- Rules of one flavour: objects, library, reservoir, unit -------------------------------------------------------

define flavour_rules
build/$(1)/objects/%.o: %.c Makefile | $(needs.$(1):%=deps-%)
	$$(call say,$(1),$$<)
	@mkdir -p $$(@D)
	$$(quiet)$(compiler.$(1)) $(warnings) $(call library_flags,$(1)) $(flags.$(1)) -MMD -MP -c $$< -o $$@

# The list of an archive's objects is a file, written anew when it changes: an object whose source is gone goes as well.
build/$(1)/libreservoir.list: FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' $(call objects,$(1),$(library_sources)) >$$@.new
	@if cmp -s $$@.new $$@; then rm $$@.new; else mv $$@.new $$@; fi

build/$(1)/libreservoir.a: $(call objects,$(1),$(library_sources)) build/$(1)/libreservoir.list Makefile
	@rm -f $$@
	$$(quiet)ar rcs $$@ $$(filter %.o,$$^)

build/$(1)/reservoir: $(call objects,$(1),reports/main.c) build/$(1)/libreservoir.a
	$$(call say,$(1),$$@)
	$$(quiet)$(compiler.$(1)) $(before.$(1)) $$^ $(links.$(1)) $(call library_links,$(1)) -o $$@

build/$(1)/unit: $(call objects,$(1),$(unit_sources) $(cunit_source.$(1)) build/test_registry.c) \
    build/$(1)/libreservoir.a | deps-unit
	$$(call say,$(1),$$@)
	$$(quiet)$(compiler.$(1)) $(before.$(1)) $$^ $(links.$(1)) $(call library_links,$(1)) $(cunit_link.$(1)) -o $$@

$(call objects,$(1),$(unit_sources) $(cunit_source.$(1))): | deps-unit
endef
$(foreach flavour,$(flavours),$(eval $(call flavour_rules,$(flavour))))

-include $(foreach flavour,$(flavours),$(patsubst %.c,build/$(flavour)/objects/%.d,$(sources) build/test_registry.c))

# The list of all suites, written anew when a test file comes, goes or is renamed.
build/test_registry.c: $(scripts)/test_registry.sh FORCE
	@mkdir -p build
	@$(scripts)/test_registry.sh $(test_sources) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# A test binary is rebuilt by what it is made of; this only says that somebody must look.
FORCE:

# ---- Programs ------------------------------------------------------------------------------------------------------

build/reservoir: build/gcc/reservoir
	$(quiet)ln -sf gcc/reservoir $@

# The agent's own objects come first; of the library the linker takes what they ask for.
agent_real_objects  := $(call objects,windows,$(filter-out %_model.c,$(agent_sources)))
agent_model_objects := $(call objects,windows,$(filter-out %_real.c,$(agent_sources)))

# The same agent three times: Windows looks at a program's manifest when it decides whether that needs elevation.
agent_levels := highest-available require-administrator
build/agent.exe: $(agent_real_objects) build/windows/manifests/as-invoker.o build/windows/libreservoir.a
build/agent-highest-available.exe: $(agent_real_objects) build/windows/manifests/highest-available.o build/windows/libreservoir.a
build/agent-require-administrator.exe: $(agent_real_objects) build/windows/manifests/require-administrator.o \
    build/windows/libreservoir.a
build/agent.exe: | build/agent-highest-available.exe build/agent-require-administrator.exe
build/windows/manifests/%.o: conformance/agent/manifests/%.manifest Makefile | deps-agent
	$(call say,windows,$<)
	@mkdir -p $(@D)
	$(quiet)printf '1 24 "$<"\n' >$(@:.o=.rc) && x86_64-w64-mingw32-windres -O coff $(@:.o=.rc) $@

build/agent-model.exe: $(agent_model_objects) build/windows/libreservoir.a
build/windows/reservoir.exe: $(call objects,windows,reports/main.c) build/windows/libreservoir.a
build/windows/interrupt.exe: $(call objects,windows,conformance/agent/tests/interrupt.c)
build/agent.exe $(agent_levels:%=build/agent-%.exe) build/agent-model.exe build/windows/reservoir.exe build/windows/interrupt.exe:
	$(call say,windows,$@)
	$(quiet)$(compiler.windows) $^ $(links.windows) -o $@

bench_programs := $(patsubst %.c,build/bench/%,$(notdir $(bench_sources)))
.SECONDEXPANSION:
$(bench_programs): build/bench/%: $$(patsubst %.c,build/bench/objects/%.o,$$(filter %/$$*.c,$(bench_sources))) \
    build/bench/libreservoir.a
	$(call say,bench,$@)
	$(quiet)$(compiler.bench) $^ $(call library_links,bench) -o $@

fuzz_programs := $(notdir $(fuzz_sources:%.c=%))
$(fuzz_programs:%=build/fuzz/%): build/fuzz/%: build/fuzz/objects/conformance/tests/%.o build/fuzz/libreservoir.a
	$(call say,fuzz,$@)
	$(quiet)$(compiler.fuzz) $^ $(links.fuzz) $(call library_links,fuzz) -o $@

# ---- What can be asked for -----------------------------------------------------------------------------------------

.PHONY: build conform test sanitize traces-compare fuzz bench coverage mutants deps clean help FORCE

build: build/reservoir build/agent.exe build/agent-model.exe ## the runner, the Windows agent and its test build

conform: build/reservoir ## every scenario on the model and on live Wine, judged step by step
	@$(scripts)/conform.sh

test: build/reservoir build/agent-model.exe build/windows/interrupt.exe build/gcc/unit build/m32/unit traces-build ## unit tests, traces of four builds, the agent on the model
	@$(scripts)/test.sh

sanitize: build/sanitize/unit build/reservoir ## unit tests under the address and undefined-behaviour sanitizers
	build/sanitize/unit

traces-compare: traces-build ## the model's traces from gcc -O0, clang -O3, 32-bit and Windows: the same bytes
	@$(scripts)/traces_compare.sh

fuzz: $(fuzz_programs:%=build/fuzz/%) ## ten minutes of random input for the parser (FUZZ_SECONDS=600)
	@$(scripts)/fuzz.sh $(FUZZ_SECONDS) $^

bench: $(bench_programs) build/bench/reservoir ## every benchmark in the tree's bench folders, one after the other
	@for program in $(bench_programs); do echo "== $$program"; $$program || exit 1; done

mutants: build/reservoir ## small faults in stack/, one at a time: would the scenarios notice? (MUTANTS="NAME...")
	@libraries='$(call library_links,gcc)' conformance/mutants/mutants.sh $(MUTANTS)

coverage: build/coverage/unit build/coverage/reservoir ## lines, functions and branches: text, HTML and Cobertura
	@$(scripts)/coverage.sh

deps: ## install the Debian packages that are missing
	@$(scripts)/deps.sh all

clean: ## remove build/
	@$(scripts)/wine.sh stop
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

# ---- Behind them ---------------------------------------------------------------------------------------------------

# One group of packages each; silent and quick when nothing is missing.
deps_groups := build unit clang m32 agent wine coverage
.PHONY: $(deps_groups:%=deps-%) deps-goals traces-build
$(deps_groups:%=deps-%): deps-%: | deps-goals
	@$(scripts)/deps.sh $*

# First of all, everything at once that the goals need: one installation, or one command to be told.
# After -- what a goal can do without.
groups.build          := build agent
groups.conform        := build -- agent wine
groups.test           := build unit clang m32 agent -- wine
groups.sanitize       := build unit
groups.traces-compare := build clang m32 agent -- wine
groups.fuzz           := build clang
groups.bench          := build
groups.mutants        := build
groups.coverage       := build unit coverage

deps-goals:
	@set -e; $(foreach goal,$(or $(MAKECMDGOALS),build),$(if $(groups.$(goal)),\
	    $(scripts)/deps.sh $(groups.$(goal));)) true

traces-build: build/gcc-O0/reservoir build/clang-O3/reservoir build/m32/reservoir build/windows/reservoir.exe
