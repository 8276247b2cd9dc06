# The everyday commands. Each one sets up what it needs, says in one line what it does, and stops at the
# first step that fails.
#
#   make run                       build, and run the tour
#   make run FILE=x.py ARGS="a b"  build, and run a program of yours
#   make test                      build release and asan, run every test in both
#   make bench                     build and run all benchmarks
#   make bench-heap                those of the heap and the collector, beside their peers
#   make format | tidy | clean

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
MAKEFLAGS += --no-print-directory

JOBS ?= 2
FILE ?= examples/tour.py
ARGS ?=

sources = $(shell find src tests bench -name '*.h' -o -name '*.cpp' -o -name '*.def' 2>/dev/null)

# $(call build,PRESET[,TARGET]): configure when there is no build folder yet (ninja repeats it when a
# CMake file changed) and build. The configuration's own chatter is shown only when it fails.
define build
	@echo "build: $(1)"
	@test -f build/$(1)/build.ninja || cmake --preset $(1) >build/$(1).log 2>&1 || \
	  { cat build/$(1).log; echo "make: configuring '$(1)' failed" >&2; exit 1; }
	@NINJA_STATUS='[%f/%t] ' cmake --build --preset $(1) --parallel $(JOBS) \
	  $(if $(2),--target $(2)) || { echo "make: building '$(1)' failed" >&2; exit 1; }
endef

.PHONY: setup build run test bench bench-heap format tidy clean

setup:
	@tools/setup
	@mkdir -p build

build: setup
	$(call build,release)

run: setup
	$(call build,release,ouro)
	@build/release/ouro $(FILE) $(ARGS)

# The two builds' tests are run as one, so that the closing lines count all of them.
test: setup
	$(call build,release)
	$(call build,asan)
	@echo 'subdirs(release asan)' >build/CTestTestfile.cmake
	@ctest --test-dir build -j$(JOBS) --output-on-failure --no-tests=error | sed -u '/^ *Start /d' || \
	  { echo "make: tests failed; the names are above" >&2; exit 1; }

bench: bench-heap
	$(call build,release,ouro)
	@bench/run build/release/ouro

bench-heap: setup
	$(call build,release,heap_bench)
	@bench/heap/run build/release/bench/heap_bench

format: setup
	@echo "format: src tests bench"
	@clang-format -i $(filter-out %.def,$(sources))

tidy: setup
	$(call build,tidy)

clean:
	@rm -rf build
