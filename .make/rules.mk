# rules.mk: how each file in build/ is made. `make` reads it while it holds the tree's lock (see the Makefile).
#
# Sources are found at any depth: a new file or folder needs no line here. Place and name decide what is compiled:
#   stack/ conformance/ reports/ sim/    the library libreservoir.a; reports/main.c is the command line on top of it
#   tests/test_*.c, at any depth          unit tests; each has `void register_<thing>_tests(void);`
#   conformance/agent/                   the Windows program; *_model.c in its test build, *_real.c in the other;
#                                        what it needs for tests is in its tests/
#   bench/bench_*.c, at any depth         benchmarks, one program each
#   *_posix.c, *_windows.c               only on the one or the other
#   *_jansson.c, *_libxml2.c, *_libpcap.c  only in flavours that have these libraries; *_without.c in the others

MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE

include .make/flavours.mk

# ---- Sources -------------------------------------------------------------------------------------------------------

# Every C source of the tree, at any depth: this is the one place that looks for them.
# Not the programs of others' kind, which are compiled as theirs are.
sources := $(sort $(shell find stack sim conformance reports -name '*.c' ! -path 'sim/program/examples/*'))
# $(call in,FOLDER): the sources anywhere below folders of that name; $(call outside,FOLDERS): those in none of them.
in      = $(foreach source,$(sources),$(if $(findstring /$(1)/,/$(source)),$(source)))
outside = $(foreach source,$(sources),$(if $(strip \
    $(foreach folder,$(1),$(findstring /$(folder)/,/$(source)))),,$(source)))

# What tests share (unit_main.c among it) is every other file in their folders, except the stand-in for CUnit.
cunit_stand_in  := conformance/tests/cunit_stand_in.c
test_sources    := $(foreach source,$(call in,tests),$(if $(filter test_%.c,$(notdir $(source))),$(source)))
fuzz_sources    := $(foreach source,$(call in,tests),$(if $(filter fuzz_%.c,$(notdir $(source))),$(source)))
soak_sources    := $(foreach source,$(call in,tests),$(if $(filter soak_%.c,$(notdir $(source))),$(source)))
bench_sources   := $(foreach source,$(call in,bench),$(if $(filter bench_%.c,$(notdir $(source))),$(source)))
agent_sources   := $(filter-out conformance/agent/tests/%,$(call in,conformance/agent))
unit_sources    := $(filter-out $(fuzz_sources) $(soak_sources) $(cunit_stand_in) conformance/agent/tests/% \
    stack/winsock/tests/%, \
    $(call in,tests)) conformance/layered/sockets.c
# The tables of what scenarios may cite are compiled in (conformance/citations/citations.h).
citation_tables := scenarios/clauses.tsv scenarios/translations.tsv $(shell LC_ALL=C ls -r scenarios/facts/*.tsv)
# The model as a plug-in: what exports WSPStartup, on top of the machine of the agent's test build.
plugin_sources  := $(filter stack/winsock/% conformance/provider/%,$(call outside,tests))
# Another provider: reservations on the system's own sockets.
layered_sources := $(filter-out $(test_sources),$(filter conformance/layered/%,$(sources)))
# And one to begin with.
skeleton        := conformance/skeleton/skeleton.c
# Windows programs on the model: a library of its own, its launcher, and a main() for programs that have wmain().
program_main    := sim/program/wmain.c
launcher        := sim/program/launcher_posix.c
program_sources := $(filter-out $(test_sources) $(program_main) $(launcher), \
    $(filter sim/program/% sim/fibres/%,$(sources)))
library_sources := $(filter-out reports/main.c $(plugin_sources) $(layered_sources) $(skeleton) \
    $(program_sources) $(program_main) $(launcher) sim/fibres/fibres_posix.c, \
    $(call outside,tests bench conformance/agent)) \
    build/citations.c
# The agent's test build, and its tests, where the flavour has it.
# Three programs of the same sources: on Windows itself (*_real.c), with the model behind its functions (*_model.c), and
# where there is no Windows, with a kernel32 of its own and a provider for the rest (*_kernel.c).
provider_door   := %/provider_door.c %/provider_upcalls.c %/provider_hooks.c %/provider_sockets.c %/provider_ports.c \
    %/provider_waits.c %/agent/extensions.c %/base_provider_windows.c %/provider_threads_windows.c \
    %/kernel_objects.c %_kernel.c
agent_real      := $(filter-out %_model.c %/kernel_objects.c %_kernel.c,$(agent_sources))
agent_kernel    := $(filter-out %_model.c %_real.c,$(agent_sources))
agent_model     := $(filter-out %_real.c $(provider_door),$(agent_sources))
# A netsh for tests of the agent.
lying_netsh     := conformance/agent/tests/lying_netsh.c conformance/agent/tests/tongue_posix.c \
    conformance/agent/tests/tongue_windows.c
# Of the agent, what the plug-in's machine is made of.
plugin_machine  := $(filter %/machine_model.c conformance/agent/system/%,$(agent_sources))
agent_tests     := $(filter conformance/agent/tests/%,$(test_sources))
# The edge, and its tests, likewise: it is no part of the library, and becomes one object of theirs.
edge_sources    := $(filter stack/winsock/%,$(plugin_sources))
edge_tests      := $(filter stack/winsock/tests/%,$(sources))
agent_unit      := $(filter-out %/interrupt.c %/keep_states.c %/lying_netsh.c %/tongue_posix.c %/tongue_windows.c \
    $(fuzz_sources), $(filter conformance/agent/tests/%,$(sources))) \
    $(filter-out conformance/agent/main.c,$(agent_model)) \
    $(filter %/provider_ports.c %/provider_hooks.c %/provider_sockets.c %/provider_door.c %/provider_upcalls.c \
        %/provider_waits.c %/agent/extensions.c %/kernel_objects.c,$(agent_sources))

# $(call fit,FLAVOUR,SOURCES): those that belong on the flavour's system, with the libraries that it has.
fit = $(filter-out $(if $(filter windows,$(1)),%_posix.c,%_windows.c) \
    $(if $(libraries.$(1)),%_without.c,%_jansson.c %_libxml2.c %_libpcap.c),$(2))
# $(call objects,FLAVOUR,SOURCES)
objects = $(patsubst %.c,build/$(1)/objects/%.o,$(call fit,$(1),$(2)))

# ---- How a command looks ---------------------------------------------------------------------------------------------

# `make V=1` shows the commands themselves.
V    ?=
quiet := $(if $(V),,@)
# Programs are put in place whole (.new, then mv): one that runs is not disturbed by one that is linked.
say    = @printf '  %-9s %s\n' '$(1)' '$(2)'

# Asked once, and only when something is compiled. Headers of others are not ours to warn of.
ask_once = $(eval $(1) := $(2))$($(1))
package_flags = $(patsubst -I%,-isystem %,$(if $(strip $(1)),$(shell pkg-config --silence-errors --cflags $(1))))
package_links = $(if $(1),$(shell pkg-config --silence-errors --libs $(1)))

LD      ?= ld
OBJCOPY ?= objcopy

quoted = $(subst ','\'',$(1))

# A file that changes only when what its recipe prints does. $(call changed,COMMAND)
changed = @mkdir -p $(@D) && { $(1); } >$@.new && if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi


# ---- Rules of one flavour: objects, library, reservoir, unit -------------------------------------------------------

define flavour_rules
compile.$(1)      = $$(call ask_once,compile.$(1),$$(compiler.$(1)) -std=c17 $$(warnings) -I. \
    $$(call package_flags,$$(libraries.$(1)) $$(late.$(1))) $$(flags.$(1)))
libraries_of.$(1) = $$(call ask_once,libraries_of.$(1),$$(call package_links,$$(libraries.$(1))))

# How this flavour is compiled is a file: when it changes, all is compiled anew.
build/$(1)/command: FORCE
	@command -v $(firstword $(compiler.$(1))) >/dev/null || { \
	    echo "$(firstword $(compiler.$(1))) is not installed. \`make deps\` installs what is missing." >&2; exit 2; }
	@$(if $(libraries.$(1)),pkg-config --print-errors --exists $(libraries.$(1)) $(late.$(1)) || { \
	    echo "Libraries are missing. \`make deps\` installs what is missing." >&2; exit 2; })
	$$(call changed,printf '%s\n' '$$(call quoted,compile $$(compile.$(1)))' '$$(call quoted,before $$(before.$(1)))' \
	    '$$(call quoted,links $$(links.$(1)) $$(libraries_of.$(1)))')

build/$(1)/objects/%.o: %.c build/$(1)/command
	$$(call say,$(1),$$<)
	@mkdir -p $$(@D)
	$$(quiet)$$(compile.$(1)) $$(if $$(findstring /tests/,$$<),-O0) $$(seen) -MMD -MP -c $$< -o $$@

# The list of an archive's objects is a file: an object whose source is gone goes from the archive as well.
build/$(1)/libreservoir.list: FORCE
	$$(call changed,printf '%s\n' $(call objects,$(1),$(library_sources)))

build/$(1)/libreservoir.a: $(call objects,$(1),$(library_sources)) build/$(1)/libreservoir.list
	@rm -f $$@
	$$(quiet)$(if $(filter gcc,$(1)),$(AR),ar) rcs $$@ $$(filter %.o,$$^)

build/$(1)/reservoir: $(call objects,$(1),reports/main.c) build/$(1)/libreservoir.a
	$$(call say,$(1),$$@)
	$$(quiet)$(compiler.$(1)) $(before.$(1)) $$^ $(links.$(1)) $$(libraries_of.$(1)) -o $$@.new && mv $$@.new $$@

# The list of all suites, written anew when a test file comes, goes or is renamed.
build/$(1)/test_registry.c: .make/test_registry.sh FORCE
	$$(call changed,.make/test_registry.sh \
	    $(filter-out $(if $(agent.$(1)),,$(agent_tests) $(edge_tests)),$(test_sources)))

build/$(1)/edge.o: stack/winsock/tests/edge.sh $(call objects,$(1),$(edge_sources))
	$$(quiet)LD='$(LD)' OBJCOPY='$(OBJCOPY)' stack/winsock/tests/edge.sh $$@ $$(filter %.o,$$^)

unit_objects.$(1) := $(call objects,$(1),$(unit_sources) $(if $(agent.$(1)),$(agent_unit) $(edge_tests)) \
    $(if $(tests.$(1)),,$(cunit_stand_in)) build/$(1)/test_registry.c) $(if $(agent.$(1)),build/$(1)/edge.o)
# What the unit tests are linked of besides the library, for those who link them once more (conformance/mutants).
build/$(1)/unit.list: FORCE
	$$(call changed,printf '%s\n' $$(unit_objects.$(1)))

build/$(1)/unit: $$(unit_objects.$(1)) build/$(1)/libreservoir.a build/$(1)/unit.list
	$$(call say,$(1),$$@)
	$$(quiet)$(compiler.$(1)) $(before.$(1)) $$(filter-out %.list,$$^) $(links.$(1)) $$(libraries_of.$(1)) \
	    $$(call package_links,$(tests.$(1))) -o $$@.new && mv $$@.new $$@

build/$(1)/agent-kernel: $(call objects,$(1),$(agent_kernel)) build/$(1)/libreservoir.a
	$$(call say,$(1),$$@)
	$$(quiet)$(compiler.$(1)) $(before.$(1)) -rdynamic $$^ $(links.$(1)) $$(libraries_of.$(1)) -o $$@.new && mv $$@.new $$@

build/$(1)/agent-model: $(call objects,$(1),$(agent_model)) build/$(1)/libreservoir.a
	$$(call say,$(1),$$@)
	$$(quiet)$(compiler.$(1)) $(before.$(1)) $$^ $(links.$(1)) $$(libraries_of.$(1)) -o $$@.new && mv $$@.new $$@

# A netsh for tests of the agent, with a folder of its own for PATH.
build/$(1)/lying/netsh: $(call objects,$(1),$(lying_netsh))
	$$(call say,$(1),$$@)
	@mkdir -p $$(@D)
	$$(quiet)$(compiler.$(1)) $(before.$(1)) $$^ $(links.$(1)) -o $$@.new && mv $$@.new $$@

# What an agent leaves at each place where a test can kill it.
build/$(1)/keep_states: $(call objects,$(1),conformance/agent/tests/keep_states.c) build/$(1)/libreservoir.a
	$$(call say,$(1),$$@)
	$$(quiet)$(compiler.$(1)) $(before.$(1)) $$^ $(links.$(1)) $$(libraries_of.$(1)) -o $$@.new && mv $$@.new $$@
endef
$(foreach flavour,$(flavours),$(eval $(call flavour_rules,$(flavour))))

generated = build/$(1)/test_registry.c build/citations.c
-include $(foreach flavour,$(flavours),\
    $(patsubst %.c,build/$(flavour)/objects/%.d,$(sources) $(call generated,$(flavour))))

# What may be cited, written anew when a table changes, comes or goes.
build/citations.c: .make/citations.awk FORCE
	$(call changed,awk -f .make/citations.awk $(citation_tables))

# A file that depends on this is looked at each time.
FORCE:

# ---- Programs ------------------------------------------------------------------------------------------------------

build/reservoir: build/gcc/reservoir
	$(quiet)ln -sf gcc/reservoir $@

# The agent's own objects come first; of the library the linker takes what they ask for.
agent_real_objects  := $(call objects,windows,$(agent_real))
agent_model_objects := $(call objects,windows,$(agent_model))

# The same agent three times: Windows looks at a program's manifest when it decides whether that needs elevation.
agent_levels := highest-available require-administrator
build/agent.exe: build/windows/manifests/as-invoker.o | $(agent_levels:%=build/agent-%.exe)
$(agent_levels:%=build/agent-%.exe): build/agent-%.exe: build/windows/manifests/%.o
build/agent.exe $(agent_levels:%=build/agent-%.exe): $(agent_real_objects)
build/windows/manifests/%.o: conformance/agent/manifests/%.manifest
	$(call say,windows,$<)
	@mkdir -p $(@D)
	$(quiet)printf '1 24 "$<"\n' >$(@:.o=.rc) && x86_64-w64-mingw32-windres -O coff $(@:.o=.rc) $@

build/agent-model.exe: $(agent_model_objects)
build/windows/reservoir.exe: $(call objects,windows,reports/main.c)
build/windows/interrupt.exe: $(call objects,windows,conformance/agent/tests/interrupt.c)
build/windows/netsh.exe: $(call objects,windows,$(lying_netsh))

windows_programs := build/agent.exe $(agent_levels:%=build/agent-%.exe) build/agent-model.exe \
    build/windows/reservoir.exe build/windows/interrupt.exe build/windows/netsh.exe
$(windows_programs): build/windows/libreservoir.a
	$(call say,windows,$@)
	$(quiet)$(compiler.windows) $(filter %.o,$^) build/windows/libreservoir.a $(links.windows) -o $@.new && mv $@.new $@

# The model as a plug-in, for both systems: it exports WSPStartup, its control function, and six functions of iphlpapi.
provider_objects := $(call objects,gcc,$(plugin_sources) $(plugin_machine))
# What it is linked of besides the library, for those who link it once more (conformance/mutants).
build/gcc/provider.list: FORCE
	$(call changed,printf '%s\n' $(provider_objects))

build/reservoir-provider.so: $(provider_objects) build/gcc/libreservoir.a build/gcc/provider.list
	$(call say,gcc,$@)
	$(quiet)$(compiler.gcc) -shared -Wl,-z,defs -Wl,-Bsymbolic $(filter-out %.list,$^) -lpthread -o $@.new && \
	    mv $@.new $@

build/skeleton-provider.so: $(call objects,gcc,$(skeleton))
build/layered-provider.so: $(call objects,gcc,$(layered_sources))
build/skeleton-provider.so build/layered-provider.so:
	$(call say,gcc,$@)
	$(quiet)$(compiler.gcc) -shared -Wl,-z,defs $^ -o $@.new && mv $@.new $@

build/reservoir-provider.dll: $(call objects,windows,$(plugin_sources) $(plugin_machine)) build/windows/libreservoir.a
	$(call say,windows,$@)
	$(quiet)$(compiler.windows) -shared $^ $(links.windows) -o $@.new && mv $@.new $@

build/layered-provider.dll: $(call objects,windows,$(layered_sources))
	$(call say,windows,$@)
	$(quiet)$(compiler.windows) -shared $^ $(links.windows) -o $@.new && mv $@.new $@

build/agent-kernel: build/gcc/agent-kernel
	$(quiet)ln -sf gcc/agent-kernel $@

# Windows programs on the model (sim/program/): their functions have names of their own, the rest cannot be seen.
# Where they stand for functions of the system (pthread_create), its libraries have to find them in the program.
build/gcc/objects/sim/program/%.o: seen := -fvisibility=default
wide_objects    := $(call objects,gcc,sim/program/wide_entries.c $(program_main))
program_objects := $(call objects,gcc,$(program_sources) $(filter sim/memory/% sim/store/%, \
    $(library_sources)) $(filter stack/%,$(library_sources)))
$(wide_objects): build/gcc/objects/%.o: %.c build/gcc/command
	$(call say,gcc,$<)
	@mkdir -p $(@D)
	$(quiet)$(compile.gcc) -fshort-wchar $(seen) -MMD -MP -c $< -o $@

build/program/libreservoir-program.a: $(program_objects) $(wide_objects) build/gcc/libreservoir.list
	$(call say,program,$@)
	@mkdir -p $(@D)
	$(quiet)$(LD) -r -o $(@D)/program.o $(program_objects)
	$(quiet)$(OBJCOPY) --wildcard --keep-global-symbol='reservoir_*' --keep-global-symbol='windows_*' \
	    --keep-global-symbols=sim/program/symbols $(@D)/program.o
	@rm -f $@
	$(quiet)$(AR) rcs $@ $(@D)/program.o $(call objects,gcc,$(program_main))

# The headers under every name that programs give them.
build/program/include: sim/program/include sim/program/spellings sim/program/spellings.sh
	$(quiet)sim/program/spellings.sh $@.new && rm -rf $@ && mv $@.new $@

build/reservoir-program: $(call objects,gcc,$(launcher))
	$(call say,gcc,$@)
	$(quiet)$(compiler.gcc) $(before.gcc) $^ -o $@.new && mv $@.new $@

# The agent's test build without its entry.
agent_alone := $(filter-out conformance/agent/main.c,$(agent_model))
# The program of one source, in the flavour's folder; build/FLAVOUR/programs lists them.
define program_of_one_source
build/$(1)/$(basename $(notdir $(2))): $(call objects,$(1),$(2) \
        $(if $(findstring conformance/agent/,$(2)),$(agent_alone)) \
        $(if $(findstring /soak_errands,$(2)),$(wildcard stack/io/tests/errands*.c) \
            stack/io/tests/held.c stack/io/tests/owed.c) \
        $(if $(findstring /soak_own,$(2)),conformance/tests/own_traces.c) \
        $(if $(findstring /soak_links,$(2)),sim/link/tests/conversation.c) \
        $(if $(findstring /bench_wire,$(2)),sim/bench/wire_kernel_posix.c)) \
    build/$(1)/libreservoir.a
	$$(call say,$(1),$$@)
	$$(quiet)$(compiler.$(1)) $$^ $(links.$(1)) $$(libraries_of.$(1)) -o $$@.new && mv $$@.new $$@
build/$(1)/programs: build/$(1)/$(basename $(notdir $(2)))
endef
$(foreach source,$(bench_sources),$(eval $(call program_of_one_source,bench,$(source))))
$(foreach source,$(fuzz_sources),$(eval $(call program_of_one_source,fuzz,$(source))))
$(foreach source,$(soak_sources),$(eval $(call program_of_one_source,sanitize,$(source))))
$(foreach source,$(filter %/soak_errands.c,$(soak_sources)),$(eval $(call program_of_one_source,gcc,$(source))))
# What only those link is compiled with the tests as well: `make test` sees when it has fallen behind the rest.
build/gcc/rarely-linked: $(call objects,gcc,$(bench_sources) $(fuzz_sources) $(soak_sources))
	@touch $@

build/bench/programs build/fuzz/programs build/sanitize/programs: FORCE
	$(call changed,printf '%s\n' $(filter build/%,$^))

# A peer of bench_wire, where Debian's liblwip-dev is there: a library of its own, because both name functions tcp_....
lwip := $(shell pkg-config --silence-errors --variable=includedir lwip)
ifneq ($(lwip),)
build/bench/bench_wire: | build/bench/wire_lwip.so
endif
build/bench/wire_lwip.so: sim/bench/wire_lwip.c sim/bench/wire_peers.h sim/bench/benchmark.h
	$(call say,bench,$@)
	@mkdir -p $(@D)
	$(quiet)$(compiler.bench) -std=c17 $(warnings) $(flags.bench) -I. -isystem $(lwip) -fPIC -shared $< -llwip \
	    -o $@.new && mv $@.new $@

# ---- The library as it is installed ----------------------------------------------------------------------------------

# The model alone, in one object, in which only the names of .make/install/exports can be seen from outside.
model_objects := $(call objects,gcc,$(filter stack/%,$(library_sources)))
build/library/libreservoir.a: $(model_objects) .make/install/exports build/gcc/libreservoir.list
	$(call say,library,$@)
	@mkdir -p $(@D)
	$(quiet)$(LD) -r -o $(@D)/reservoir.o $(model_objects)
	$(quiet)$(OBJCOPY) --keep-global-symbols=.make/install/exports $(@D)/reservoir.o
	@rm -f $@
	$(quiet)$(AR) rcs $@ $(@D)/reservoir.o
