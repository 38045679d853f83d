# The two commands of the README are `make quickstart` and `make test`; the others are their steps.
.PHONY: quickstart test setup build model check unit smoke fuzz format lint clean

BRAID := .build/release/braid
# Another model: make quickstart MODEL=/path/to/model.gguf
MODEL ?=
export BRAID_MODEL := $(if $(MODEL),$(MODEL),$(BRAID_MODEL))
ifeq ($(BRAID_MODEL),)
unexport BRAID_MODEL
endif
SWIFT_FLAGS := -c release --explicit-target-dependency-import-check error

quickstart: build model
	$(BRAID) quickstart

# Everything that must hold before a change lands.
test: lint unit check smoke

setup:
	@sh scripts/setup.sh

build: setup
	swift build $(SWIFT_FLAGS) --product braid

model: setup
	@sh scripts/fetch-model.sh

# All test targets in release mode; the real model's suite runs where BRAID_MODEL is set or CI is.
unit: setup
	@if [ -n "$$CI" ] && [ -z "$$BRAID_MODEL" ]; then \
	    BRAID_MODEL=$$(sh scripts/fetch-model.sh) || exit 1; export BRAID_MODEL; fi; \
	swift build $(SWIFT_FLAGS) --build-tests && swift test -c release --skip-build

# The two that follow use the program as it was last built: by `unit` in `make test`.
$(BRAID):
	$(MAKE) build

# The corpora are clean, and the committed splits are what it builds to, byte for byte.
check: | $(BRAID)
	$(BRAID) ingest --check Corpora/everyday
	for pack in Corpora/packs/*.jsonl; do $(BRAID) ingest --check $$pack || exit 1; done
	$(BRAID) build --check

# The whole way on the real model with one document: corpus to leaderboard, killed once on the way.
smoke: model | $(BRAID)
	sh scripts/smoke.sh $(BRAID)

# Damaged files through every reader, so many for each, one reader after the other, watched by the address sanitizer; no
# request for more than 64 MB. What is found is printed with its seed: make fuzz BRAID_FUZZ_FILES=1 BRAID_FUZZ_SEED=…
# repeats it, and FUZZ=TestTarget.ReaderFuzzTests/test takes one reader alone.
BRAID_FUZZ_FILES ?= 20000
FUZZ ?= FuzzTests
fuzz: export BRAID_FUZZ_FILES := $(BRAID_FUZZ_FILES)
fuzz: export ASAN_OPTIONS := abort_on_error=1:handle_segv=2:handle_sigbus=2:max_allocation_size_mb=64:detect_leaks=0
fuzz: setup
	swift build -c release --build-tests --sanitize=address --scratch-path .build/fuzz
	swift test -c release --skip-build --sanitize=address --scratch-path .build/fuzz --no-parallel --filter $(FUZZ)

format:
	swift format --in-place --recursive --configuration .swift-format Package.swift Sources Tests

lint: setup
	swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests

clean:
	rm -rf .build
