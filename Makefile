# Reservoir. `make help` lists what can be asked for; `make conform` and `make test` are the two to know.
#
# The goals are here. .make/rules.mk says how a file is made, .make/flavours.mk with which compilers and flags; a make
# of its own reads them while it holds the tree's lock, so that two makes in one tree do not hurt each other. Everything
# built lands in build/; any file there can be asked for by its name: `make build/clang/unit`.
# Compiling installs no packages. `make deps` does, and so do `make conform` and `make test`, which promise to.
#
#   CC CFLAGS CPPFLAGS LDFLAGS AR    of the programs and libreservoir.a (the flavour gcc); other flavours have their own
#   PREFIX LIBDIR DESTDIR            where `make install` puts things (/usr/local)
#   V=1                              shows the commands themselves

MAKEFLAGS += --no-builtin-rules
# As many jobs as processors, unless the caller has decided.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
.DEFAULT_GOAL := build
MAKECMDGOALS ?=
# One goal after the other; what each builds is built in parallel.
.NOTPARALLEL:

FUZZ_SECONDS ?= 600
ANSWERS ?= 10000000
MUTANTS ?=
RANDOM ?=
SEED ?= 1
# Random sequences of overlapped errands under the sanitizers, and ten times as many without (`make soak`).
SEQUENCES ?= 1000000
SEEDS ?= 500
FILES ?=
HOSTS ?=
PROGRAMS ?=
BASE ?=
RESULT ?=
DESTDIR ?=
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib

# $(built) FILE...: these files, up to date. $(deps) GROUP...: packages; after -- what a goal can do without.
built := +@.make/locked.sh . $(MAKE) --no-print-directory -f .make/rules.mk
alone := @.make/locked.sh .make
deps  := @.make/deps.sh

.PHONY: build conform conform-again hosts faults test soak tidy lessons rooms format sanitize traces-compare fuzz
.PHONY: bench coverage bench-compare bench-readme
.PHONY: mutants dist deps install clean help

build: ## the runner, the Windows agent and its test build
	$(built) $(programs)

conform: ## every scenario on the model and on live Wine, judged step by step (HOSTS=all: on more)
	$(deps) build -- agent wine
	$(built) build/reservoir
	$(alone) .make/conform.sh $(HOSTS)

conform-again: ## Wine once more: does it answer as in the `make conform` before?
	$(deps) build -- agent wine
	$(built) build/reservoir
	$(alone) .make/conform.sh again

dist: ## what a stranger with a Windows machine needs: one folder and one archive below build/dist
	$(deps) build agent -- dist
	$(built) build/agent.exe build/windows/reservoir.exe
	@.make/dist.sh

hosts: ## Wine 10.0 and Wine 5.0.3 of other Debian releases, below build/hosts, where that can be
	$(built) build/reservoir build/agent.exe
	$(alone) .make/hosts.sh make

programs       := build/reservoir build/agent.exe build/agent-model.exe build/agent-kernel \
    build/reservoir-provider.so build/reservoir-provider.dll build/layered-provider.so build/layered-provider.dll \
    build/skeleton-provider.so \
    build/reservoir-program build/program/libreservoir-program.a build/program/include
trace_programs := build/reservoir build/clang-O3/reservoir build/windows/reservoir.exe

test: ## style, unit tests, traces of several builds, the agent on the model
	$(deps) build unit clang m32 agent tidy -- wine reports
	$(deps) programs
	$(built) $(programs) $(trace_programs) build/windows/interrupt.exe build/reservoir-provider.dll build/gcc/unit \
	    $$(.make/tests/m32.sh programs) build/gcc/agent-model build/gcc/lying/netsh build/gcc/rarely-linked
	$(alone) .make/test.sh

tidy: ## is the style kept? Lines, words, includes, static, READMEs, format
	$(built) $(programs) build/gcc/unit
	@.make/tidy.sh

lessons: ## are the lessons' transcripts what is answered? Writes them anew, and shows what it changed
	$(built) build/gcc/unit
	@.make/lessons.sh

rooms: ## the rooms of the house with their arrows
	@LC_ALL=C awk -v table=1 -f .make/tidy/rooms.awk .make/tidy/rooms $$(.make/tidy/files.sh '*.c' '*.h' '*.def')

format: ## lays out FILES="...", or all files that tidy asks to be formatted, with clang-format
	@.make/tidy/format.sh $(FILES)

sanitize: ## unit tests and the agent on the model, under the address and undefined-behaviour sanitizers
	$(built) build/sanitize/unit build/sanitize/agent-model build/gcc/lying/netsh build/reservoir
	$(alone) .make/sanitize.sh

traces-compare: ## the model's traces from gcc -O2 and -O0, clang -O3, 32-bit and Windows: the same bytes
	$(built) $(trace_programs) build/coverage/reservoir $$(.make/tests/m32.sh programs)
	$(alone) .make/traces_compare.sh clang-O3 coverage m32 windows

soak: ## what takes long: ANSWERS=10000000 altered, 200 seeds, 10000 links, FUZZ_SECONDS=600, a netsh that lies
	$(deps) build -- agent wine
	$(built) build/sanitize/programs build/fuzz/programs build/gcc/agent-model build/gcc/keep_states \
	    build/gcc/lying/netsh build/reservoir build/gcc/soak_errands build/agent.exe build/agent-model.exe \
	    build/windows/netsh.exe \
	    build/reservoir-provider.dll build/layered-provider.dll
	$(built) build/windows/reservoir.exe
	$(alone) .make/soak.sh $(ANSWERS) $(FUZZ_SECONDS) $(SEQUENCES) $(SEEDS)

fuzz: ## ten minutes of random input for the parser (FUZZ_SECONDS=600)
	$(built) build/fuzz/programs
	@.make/fuzz.sh $(FUZZ_SECONDS) $$(cat build/fuzz/programs)

bench: ## every benchmark, one after the other (PROGRAMS="bench_wire ..."); the lines are kept in build/bench/results
	$(built) build/bench/programs build/bench/reservoir build/layered-provider.so build/reservoir-provider.so
	@.make/bench.sh run $(PROGRAMS)

bench-compare: ## the benchmarks of BASE=COMMIT and of this commit in turns, line beside line (PROGRAMS="...")
	@.make/bench.sh compare $(BASE) $(PROGRAMS)

bench-readme: ## puts the figures of RESULT=FILE, which `make bench` has kept, into sim/bench/README.md
	@.make/bench.sh readme $(RESULT)

mutants: ## small faults in stack/, one at a time: would the suite notice? (MUTANTS="NAME..."; RANDOM=300 SEED=1 draws)
ifeq ($(RANDOM),)
	$(built) build/reservoir
	$(alone) conformance/mutants/mutants.sh $(MUTANTS)
else
	$(built) build/reservoir build/agent-kernel build/reservoir-provider.so build/gcc/unit
	$(alone) conformance/mutants/random.sh $(RANDOM) $(SEED)
endif

faults: ## a second provider on this system's sockets, with one fault at a time: does the suite name each?
	$(built) build/reservoir build/agent-kernel build/layered-provider.so
	$(alone) conformance/layered/tests/faults.sh

coverage: ## lines, functions and branches: text, HTML and Cobertura (MIN_LINES=94 MIN_BRANCHES=81)
	$(built) build/coverage/unit build/coverage/reservoir build/coverage/agent-model build/gcc/lying/netsh build/reservoir
	$(alone) .make/coverage.sh

deps: ## install the Debian packages that are missing
	$(deps) all

install: ## the program, its data, man pages, completions and the library, in $(DESTDIR)$(PREFIX)
	$(built) $(programs) build/library/libreservoir.a
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" LIBDIR="$(LIBDIR)" .make/install.sh

clean: ## remove build/
	$(alone) .make/wine.sh stop
	$(alone) .make/locked.sh . rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

files := $(filter build/%,$(MAKECMDGOALS))
.PHONY: $(files) asked-files
$(files): asked-files ; @:
asked-files:
	$(built) $(files)
