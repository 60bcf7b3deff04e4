# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# bpf/*.bpf.c -> one object -> a C header (the skeleton) -> build/proclife, linked with everything of user/. The probes are
# compiled twice, with and without bpf_rdonly_cast(), see bpf/read.h.
# Nothing is written outside $(O). `make help` lists the targets.

O       ?= build
PREFIX  ?= /usr/local
DESTDIR ?=

ifeq ($(origin CC),default)
CC := gcc
endif
BPF_CLANG ?= clang
BPFTOOL   ?= $(firstword $(shell PATH="$$PATH:/usr/local/sbin:/usr/sbin:/sbin" command -v bpftool) bpftool)

version := $(shell cat VERSION)
# The machine that is compiled for, as the compiler names it: a cross-compiler needs no further option.
machine  := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null || uname -m)))
bpf_arch := $(or $(patsubst x86_64,x86,$(filter x86_64,$(machine))),$(patsubst aarch64,arm64,$(filter aarch64,$(machine))),$(machine))

warnings   := -Wall -Wextra -Werror
bpf_flags  := -g -O2 -target bpf -D__TARGET_ARCH_$(bpf_arch) $(warnings) -Wno-unused-parameter -I. -MMD -MP
user_flags := -std=gnu11 -O2 -g $(warnings) -I. -I$(O) -MMD -MP
sanitise   := -std=gnu11 -O1 -g $(warnings) -I. -I$(O) -MMD -MP -fno-omit-frame-pointer \
	      -fsanitize=address,undefined -fno-sanitize-recover=all
libraries  := -lbpf -lelf -lz -lcap

bpf_sources    := $(sort $(wildcard bpf/*.bpf.c))
demo_sources   := $(sort $(wildcard user/demo/*/program.c))
demos          := $(demo_sources:user/demo/%/program.c=$(O)/demos/%)
demo_texts     := $(demos:%=%.c)
catalogue      := $(O)/locale/zh_CN/LC_MESSAGES/proclife.mo
# What the C library has for C.UTF-8, by another name: see user/base/language.c.
messages_of_c  := /usr/lib/locale/C.utf8/LC_MESSAGES/SYS_LC_MESSAGES
user_sources   := $(filter-out $(demo_sources),$(sort $(shell find user -name '*.c')))
user_objects   := $(user_sources:%.c=$(O)/%.o)
skeletons      := $(O)/proclife.skel.h $(O)/proclife_no_kfunc.skel.h $(O)/proclife_no_preempt.skel.h
skeleton_users := $(if $(user_sources),$(shell grep -l '"proclife\.skel\.h"' $(user_sources)))

# Unit tests see what needs neither kernel nor command line: one archive, from which each takes what it asks for. They
# build without libbpf and libcap.
live_sources := user/proclife.c user/pipeline.c $(filter user/pipeline/%,$(user_sources)) user/source/live.c user/screen/curses.c $(filter user/command/%,$(user_sources)) $(skeleton_users) \
		$(shell grep -lE '<(bpf/|sys/capability)' $(user_sources))
unit_library := $(O)/sanitised/proclife.a
unit_objects := $(patsubst %.c,$(O)/sanitised/%.o,$(filter-out $(live_sources),$(user_sources)) $(wildcard tests/unit/events.c))
unit_tests   := $(patsubst tests/%.c,$(O)/tests/%,$(sort $(wildcard tests/unit/*_test.c)))
programs     := $(patsubst tests/programs/%.c,$(O)/tests/%,$(sort $(wildcard tests/programs/*.c)))
oracle       := $(patsubst tests/oracle/%.c,$(O)/tests/%,$(wildcard tests/oracle/oracle.c))
bench_programs := $(patsubst tools/bench/%.c,$(O)/bench/%,$(sort $(wildcard tools/bench/*.c))) $(O)/bench/floor $(O)/bench/floor.bpf.o

# Parallel jobs of a make that a recipe starts: as many as the caller's make has, or one for each CPU.
jobs = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

# Before a recipe's command: a short line in its place, the command itself with V=1.
says = $(if $(V),,@printf '  %-9s %s\n' $(1) $@ && )

# Root that came by sudo leaves its build to the user who asked for it.
give_back = if [ -n "$$SUDO_UID" ] && [ "$$SUDO_UID" != 0 ]; then chown -R "$$SUDO_UID:$$SUDO_GID" $(O); fi
root_only = if [ "$$(id -u)" != 0 ]; then echo "proclife: '$@' traces the kernel and needs root: sudo make $@" >&2; exit 1; fi

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: words all tests programs sanitised demo check check-kernels unit debug bench install uninstall dist clean format \
	lint help

all: $(O)/proclife $(demos) $(demo_texts) $(catalogue)	## build proclife and its demos (default)

tests: all programs $(unit_tests)	## build the tests, too

programs: $(programs) $(oracle)

sanitised: $(unit_library) $(unit_tests:$(O)/tests/%=$(O)/sanitised/tests/%.o)

demo:	## trace the demo workloads: sudo make demo
	@$(root_only)
	@tools/dependencies install build
	@$(MAKE) --no-print-directory $(jobs) all && $(give_back)
	@if [ -t 1 ]; then $(O)/proclife demo; else $(O)/proclife demo --brief; fi

check:	## build with both compilers, run every test: sudo make check [ONLY='^cli/']
	@$(root_only)
	@tools/dependencies install build unit test
	@$(MAKE) --no-print-directory $(jobs) CC=clang O=$(O)/clang all programs sanitised
	@$(MAKE) --no-print-directory $(jobs) tests && $(give_back)
	@tests/run.sh $(O) '$(ONLY)'; status=$$?; $(give_back); exit $$status

unit:	## run the unit tests: no root, only a compiler, uthash and cmocka
	@tools/dependencies check unit
	@$(MAKE) --no-print-directory $(jobs) $(unit_tests)
	@tests/run.sh $(O) '^unit/'

debug:	## build without optimisation, below $(O)/debug
	@$(MAKE) --no-print-directory $(jobs) O=$(O)/debug CFLAGS='-O0 -g3 -fno-omit-frame-pointer $(CFLAGS)' all

check-kernels:	## boot other kernels with this build, check it there [QUICK=1] [KERNELS='6.1 newest']
	@tools/dependencies install build vm $(if $(QUICK),,arm64) || true
	@$(MAKE) --no-print-directory $(jobs) all programs $(vm_programs) && $(give_back)
	@BUILD=$(O) tools/vm/matrix $(if $(QUICK),-q) $(if $(UPDATE),-u) -o $(O)/kernels.txt $(KERNELS); status=$$?; $(give_back); exit $$status

bench: $(bench_programs)	## what tracing costs, beside other tracers: sudo make bench [BENCH='--rounds 9']
	@$(root_only)
	@tools/dependencies install build bench || true
	@$(MAKE) --no-print-directory $(jobs) all && $(give_back)
	@tools/bench/run --build $(O) $(BENCH)

# Installed as they lie here, so that their links to one another hold.
documents := README.md CHANGELOG.md CONTRIBUTING.md LICENSE VERSION tools/packages tools/proclife-watch.service \
	     $(wildcard docs/*.md LICENSES/*.txt) docs/proclife.1

bindir     = $(DESTDIR)$(PREFIX)/bin
libexecdir = $(DESTDIR)$(PREFIX)/libexec/proclife
docdir     = $(DESTDIR)$(PREFIX)/share/doc/proclife
mandir     = $(DESTDIR)$(PREFIX)/share/man/man1
localedir  = $(DESTDIR)$(PREFIX)/share/locale/zh_CN/LC_MESSAGES
unitdir    = $(DESTDIR)$(PREFIX)/lib/systemd/system

install: all	## install below $(DESTDIR)$(PREFIX)
	install -D -m 755 $(O)/proclife $(bindir)/proclife
	install -D -m 755 -t $(libexecdir)/demos $(demos)
	install -D -m 644 -t $(libexecdir)/demos $(demo_texts)
	install -D -m 644 $(catalogue) $(localedir)/proclife.mo
	ln -sfn $(messages_of_c) $(localedir)/SYS_LC_MESSAGES
	install -d -m 755 $(mandir) $(unitdir)
	sed 's,^\.Os$$,.Os "proclife $(version)",' docs/proclife.1 >$(mandir)/proclife.1
	sed 's,@PREFIX@,$(PREFIX),' tools/proclife-watch.service >$(unitdir)/proclife-watch.service
	chmod 644 $(mandir)/proclife.1 $(unitdir)/proclife-watch.service
	for file in $(documents); do install -D -m 644 $$file $(docdir)/$$file || exit; done

uninstall:	## remove what install has put below $(DESTDIR)$(PREFIX)
	rm -f $(bindir)/proclife $(localedir)/proclife.mo $(localedir)/SYS_LC_MESSAGES $(mandir)/proclife.1 $(unitdir)/proclife-watch.service
	rm -rf $(libexecdir) $(docdir)

dist:	## the last commit as $(O)/proclife-VERSION.tar.gz
	@mkdir -p $(O)
	git archive --prefix=proclife-$(version)/ -o $(O)/proclife-$(version).tar.gz HEAD
	@echo $(O)/proclife-$(version).tar.gz

clean:	## remove what was built
	rm -rf $(O)

c_files = $(shell find bpf user tests tools -name '*.[ch]')

format:	## lay the C files out anew [FILES=...]
	clang-format -i $(or $(FILES),$(c_files))

# Strings of the code that are words for people, into the catalogue; what has no translation yet is left empty.
words:	## bring the catalogue of translations up to date
	@mkdir -p $(O)
	LC_ALL=C.UTF-8 xgettext --from-code=UTF-8 -k_ -kN_ --no-location --sort-output -o $(O)/proclife.pot $(user_sources)
	LC_ALL=C.UTF-8 msgmerge --quiet --no-fuzzy-matching --no-location --sort-output --backup=none --update user/language/zh_CN.po $(O)/proclife.pot
	@sed -i '/^"POT-Creation-Date: /d; /^"Report-Msgid-Bugs-To: /d' user/language/zh_CN.po # they only change

lint:	## layout, static checks, house rules
	@tools/lint $(O)

help:	## this list
	@awk -F '\t## ' '/^[a-z_.-]+:.*\t## / { sub(/:.*/, "", $$1); printf "  make %-21s %s\n", $$1, $$2 }' Makefile

# What a build needs, and whether it is here: asked once per build folder.
$(O)/.ready: tools/packages tools/dependencies
	@tools/dependencies check build
	@mkdir -p $(O) && touch $@

# What the unit tests need, which is less.
$(O)/.ready-unit: tools/packages tools/dependencies
	@tools/dependencies check unit
	@mkdir -p $(O) && touch $@

# For editors and analysers: how each file of user/ and bpf/ is compiled. It has to be made anew when files come or go.
compile_commands.json: $(skeletons)	## how each file is compiled, for editors
	@{ echo '['; \
	for file in $(user_sources) $(demo_sources); do \
		echo "{\"directory\": \"$(CURDIR)\", \"file\": \"$$file\", \"command\": \"$(CC) $(user_flags) -DPROCLIFE_VERSION=$(version) -c $$file\"},"; \
	done; \
	for file in $(bpf_sources); do \
		echo "{\"directory\": \"$(CURDIR)\", \"file\": \"$$file\", \"command\": \"$(BPF_CLANG) $(bpf_flags) -DHAS_RDONLY_CAST -DHAS_PREEMPT_DISABLE -c $$file\"},"; \
	done; } | sed '$$s/,$$/]/' >$@

# All probes in one: libbpf 1.1 can't link objects of which two call the same function of the kernel.
$(O)/bpf/proclife.bpf.o: bpf_flags += -DHAS_RDONLY_CAST
$(O)/bpf/proclife_no_preempt.bpf.o: bpf_flags += -DHAS_RDONLY_CAST -DHAS_PREEMPT_DISABLE

$(patsubst $(O)/%.skel.h,$(O)/bpf/%.bpf.o,$(skeletons)): $(bpf_sources) | $(O)/.ready
	@mkdir -p $(@D)
	$(call says,BPF)$(BPF_CLANG) $(bpf_flags) $(bpf_sources:%=-include %) -MF $(@:.o=.d) -MT $@ -x c -c - -o $@ </dev/null

$(O)/%.bpf.o: $(O)/bpf/%.bpf.o
	$(call says,STRIP-BPF)$(BPFTOOL) gen object $@ $^

$(O)/%.skel.h: $(O)/%.bpf.o
	$(call says,SKELETON)$(BPFTOOL) gen skeleton $< name $*_bpf >$@

$(O)/user/%.o: user/%.c | $(O)/.ready
	@mkdir -p $(@D)
	$(call says,CC)$(CC) $(user_flags) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$(skeleton_users:%.c=$(O)/%.o): | $(skeletons)

$(O)/user/proclife.o: user_flags += -DPROCLIFE_VERSION=$(version)
$(O)/user/proclife.o: VERSION

$(O)/proclife: $(user_objects)
	$(call says,LINK)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(libraries) -lncursesw -ltinfo

$(O)/demos/%: user/demo/%/program.c | $(O)/.ready
	@mkdir -p $(@D)
	$(call says,CC)$(CC) $(user_flags) $(CPPFLAGS) $(CFLAGS) -pthread $< -o $@

$(O)/demos/%.c: user/demo/%/program.c
	@mkdir -p $(@D)
	@cp $< $@

$(catalogue): user/language/zh_CN.po | $(O)/.ready
	@mkdir -p $(@D)
	@ln -sfn $(messages_of_c) $(@D)/SYS_LC_MESSAGES
	$(call says,MSGFMT)msgfmt --check-format --output-file=$@ $<

$(O)/sanitised/%.o: %.c | $(O)/.ready-unit
	@mkdir -p $(@D)
	$(call says,SANITISED)$(CC) $(sanitise) -c $< -o $@

$(unit_library): $(unit_objects)
	@rm -f $@
	$(call says,AR)$(AR) rcs $@ $^

# A test asks for further linker flags in a line of its own: /* LDFLAGS: -Wl,--wrap=malloc */
$(O)/tests/unit/%_test: $(O)/sanitised/tests/unit/%_test.o $(unit_library)
	@mkdir -p $(@D)
	$(call says,TEST)$(CC) -fsanitize=address,undefined $^ -o $@ \
		$$(sed -n 's,.*/\* LDFLAGS: \(.*\) \*/.*,\1,p' tests/unit/$*_test.c) -lcmocka -lm

$(O)/tests/%: tests/programs/%.c | $(O)/.ready
	@mkdir -p $(@D)
	$(call says,CC)$(CC) -std=gnu11 -O1 -g $(warnings) -I. -MMD -MP -pthread $< -o $@

$(O)/tests/oracle: tests/oracle/oracle.c | $(O)/.ready
	@mkdir -p $(@D)
	$(call says,CC)$(CC) -std=gnu11 -O1 -g $(warnings) -I. -MMD -MP -pthread $< -o $@

vm_programs := $(O)/vm-programs/verify $(O)/vm-programs/kept

$(O)/vm-programs/kept: tools/vm/kept.c | $(O)/proclife_no_kfunc.skel.h
	@mkdir -p $(@D)
	$(call says,CC)$(CC) $(user_flags) $< -o $@ $(libraries)

$(O)/vm-programs/verify: tools/vm/verify.c $(O)/user/source/kernel_facts.o $(O)/user/source/preemption.o | $(O)/proclife.skel.h
	@mkdir -p $(@D)
	$(call says,CC)$(CC) $(user_flags) $(filter %.c %.o,$^) -o $@ $(libraries)

$(O)/bench/floor.bpf.o: tools/bench/floor/floor.bpf.c | $(O)/.ready
	@mkdir -p $(@D)
	$(call says,BPF)$(BPF_CLANG) $(bpf_flags) -c $< -o $@

$(O)/bench/floor: tools/bench/floor/floor.c | $(O)/.ready
	@mkdir -p $(@D)
	$(call says,CC)$(CC) $(user_flags) $< -o $@ -lbpf

$(O)/bench/%: tools/bench/%.c | $(O)/.ready
	@mkdir -p $(@D)
	$(call says,CC)$(CC) -std=gnu11 -O2 -g $(warnings) -I. -MMD -MP $< -o $@

-include $(shell find $(O) -path $(O)/vm -prune -o -type f -name '*.d' -print 2>/dev/null)
