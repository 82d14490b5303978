# The one list of commands. README.md shows the same list; `make check` compares the two.
SHELL := bash
export PATH := $(CURDIR)/.cache/tools/bin:$(PATH)
stage := @.ci/stage

.DEFAULT_GOAL := help
.PHONY: help build run test check cluster load faults chart chart-golden proto-baseline openapi image fmt web tools

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{ printf "make %-15s %s\n", $$1, $$2 }'

run: web ## Start the whole suite in one process with a demo school and print the logins
	cargo run -p zhurnal -- serve --demo

test: tools ## Run every test, on SQLite, PostgreSQL, Redis and in a browser
	$(stage) setup .ci/setup
	$(stage) web .ci/web build budget test e2e
	$(stage) tests cargo nextest run --workspace
	$(stage) oauth .ci/client oauth
	$(stage) icalendar .ci/client icalendar

check: tools ## Check formatting, lints, protos, dependencies, documents and the chart
	$(stage) scripts shellcheck $$(grep -lE '^#!/usr/bin/env bash' .ci/* .ci/*/* 2>/dev/null)
	$(stage) documents .ci/check-docs
	$(stage) protos .ci/check-protos
	$(stage) chart .ci/chart/check
	$(stage) web-types .ci/web check
	$(stage) formatting cargo fmt --all --check
	$(stage) dependencies cargo deny --all-features check bans licenses sources
	$(stage) clippy cargo clippy --workspace --all-targets -- -D warnings

build: web ## Build the binary for development, web interface included
	cargo build -p zhurnal

web: ## Build the web interface, if Node is there
	.ci/web build

cluster: tools web ## Run the school day over seven processes on PostgreSQL and Redis
	.ci/setup
	cargo nextest run -p zhurnal -E 'test(/cluster/)'

load: ## Measure throughput and latency beside pgbench; print ratios
	.ci/setup
	cargo build --release -p zhurnal -p zhurnal-loadtest
	target/release/zhurnal-loadtest load

faults: ## Kill the suite under load and compare the client's record with the database
	.ci/setup
	cargo build --release -p zhurnal -p zhurnal-loadtest
	target/release/zhurnal-loadtest faults

chart: tools ## Lint, render and validate the Helm chart and the manifests of k8s/
	.ci/chart/check

chart-golden: tools ## Write the chart's golden files and the table of values anew
	.ci/chart/check --write

proto-baseline: tools ## Store the present protos as what later ones must stay compatible with
	.ci/check-protos --write

openapi: ## Write docs/openapi.json from the protos
	ZHURNAL_WRITE_OPENAPI=1 cargo test -p zhurnal --test suite contract

image: ## Build the container image (release build, static, FROM scratch)
	.ci/image

fmt: ## Format the Rust code
	cargo fmt --all

tools: ## Install the pinned tools of the checks into .cache/tools
	@.ci/tools/install
