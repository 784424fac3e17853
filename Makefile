# The front door. `make help` says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
# At most; each target has a fixed number of inputs.
FUZZ_SECONDS ?= 240
# Asked for a time, as many as fit into it.
FUZZ_RUNS ?= $(if $(filter command,$(origin FUZZ_SECONDS)),-1)
export JOBS

.PHONY: help
help: ## Shows this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: build ## Starts both services, imports a report, prints a plan, stops them
	@scripts/demo.sh

.PHONY: test
test: configure-dev ## Builds everything and runs every test
	@cmake --build --preset dev --parallel $(JOBS)
	@ctest --preset dev --parallel $(JOBS) --label-exclude 'bench|long' --no-label-summary

.PHONY: test-long
test-long: export LOADLINE_SOAK_SECONDS ?= 60
test-long: configure-dev ## Runs the tests that take longer than a change should wait for
	@cmake --build --preset dev --parallel $(JOBS)
	@ctest --preset dev --label-regex '^long$$' --no-tests=error --no-label-summary

.PHONY: run
run: build ## Starts both services and leaves them running
	@scripts/services.sh start

.PHONY: stop
stop: ## Stops what `make run` started
	@scripts/services.sh stop

.PHONY: status
status: ## Says what of `make run` is running
	@scripts/services.sh status

.PHONY: postgres-start postgres-stop postgres-shell postgres-load
postgres-start: deps ## Starts a PostgreSQL of your own and prints its DATABASE_URL
	@scripts/postgres.sh start

postgres-stop: ## Stops it; the data stays in var/postgres
	@scripts/postgres.sh stop

postgres-shell: ## Opens psql on it
	@scripts/postgres.sh shell

postgres-load: deps ## Loads DUMP=file into its database, which must be empty
	@scripts/postgres.sh load '$(DUMP)'

.PHONY: build
build: configure-release ## Builds the three programs, optimised
	@cmake --build --preset release --parallel $(JOBS) --target benchmark-store planner loadline

.PHONY: lint
lint: ## clang-format, clang-tidy, and buf over the contract
	@scripts/install-deps.sh build lint proto
	@$(MAKE) --no-print-directory configure-dev
	@scripts/lint.sh
	@scripts/buf.sh check

.PHONY: bench
bench: configure-release ## Measures, and prints the ratios of bench/RESULTS.md
	@cmake --build --preset release --parallel $(JOBS)
	@ctest --test-dir build/release --label-regex bench --verbose

.PHONY: scorecard
scorecard: configure-release ## Scores predictions for shapes left out; SWEEPS=folder of sweep-i*-o*.json
	@cmake --build --preset release --parallel $(JOBS) --target scorecard
	@build/release/bin/scorecard $(SWEEPS)

.PHONY: asan
asan: deps ## Unit, conformance and integration tests under address and undefined-behaviour sanitizers
	@cmake --preset asan >/dev/null
	@cmake --build --preset asan --parallel $(JOBS) --target unit_tests conformance_tests integration_tests
	@ctest --preset asan --parallel $(JOBS) --label-regex '^(unit|conformance|integration)$$' --no-label-summary

# What has threads of its own, or is shared between those of calls.
TSAN_TESTS ?= base_domain_test rpc_test service_test telemetry_test store_json_test store_app_test store_api_test \
  store_process_test planner_evidence_test planner_store_client_test planner_app_test planner_api_test conformance_json \
  conformance_postgres

.PHONY: tsan
tsan: deps ## Tests of what is shared between threads, under the thread sanitizer
	@cmake --preset tsan >/dev/null
	@cmake --build --preset tsan --parallel $(JOBS) --target $(TSAN_TESTS)
	@ctest --preset tsan --tests-regex '^($(subst $(eval) ,|,$(strip $(TSAN_TESTS))))$$' --no-tests=error --no-label-summary

.PHONY: fuzz
fuzz: ## Runs each fuzz target: the same inputs every time, or FUZZ_SECONDS=600 for so long
	@scripts/install-deps.sh build lint
	@cmake --preset fuzz -DLOADLINE_FUZZ_SECONDS=$(FUZZ_SECONDS) -DLOADLINE_FUZZ_RUNS=$(FUZZ_RUNS) >/dev/null
	@cmake --build --preset fuzz --parallel $(JOBS)
	@ctest --preset fuzz --parallel $(JOBS) --label-regex fuzz --no-label-summary; status=$$?; scripts/fuzz-summary.sh build/fuzz; exit $$status

.PHONY: images
images: ## Builds the three container images, with docker, podman or buildah
	@scripts/images.sh

.PHONY: k8s-check
k8s-check: deps ## Renders the overlays and components of deploy/k8s and checks them
	@scripts/k8s-check.sh; status=$$?; [[ $$status -eq 77 ]] || exit $$status

.PHONY: data
data: configure-dev ## Writes data/benchmarks.json and data/samples again
	@cmake --build --preset dev --target generate_demo_data
	@build/dev/bin/generate_demo_data > data/benchmarks.json
	@build/dev/bin/generate_demo_data sample > data/samples/guidellm-llama-3.1-8b-mi300x.json

.PHONY: docs
docs: deps ## Writes docs/API.md again, from the comments of the contract
	@scripts/generate-api-docs.sh

.PHONY: proto-baseline
proto-baseline: ## Makes today's contract the one that changes are compared with
	@scripts/install-deps.sh proto
	@scripts/buf.sh baseline

.PHONY: clean
clean: ## Deletes what was built; leaves var/
	@rm -rf build

.PHONY: deps configure-dev configure-release
deps:
	@scripts/install-deps.sh build

configure-dev configure-release: configure-%: deps
	@cmake --preset $* >/dev/null
