# Everything a checkout can do; `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LABHELM := $(BIN)/labhelm

# What `make deploy` and `make delete` work on; the names of the ARL's own Makefile are kept.
PROFILE ?= arl
RELEASE ?= platform
NAMESPACE ?= default
WORKER_MEM ?=
WORKER_CPU ?=
WORKER_REPLICAS ?=
DOCKER_REPO ?=
DOCKER_IMAGE ?=
# registry/name and tag of DOCKER_IMAGE; the notebook runs the same image, as in the ARL.
IMAGE_NAME = $(if $(DOCKER_REPO),$(DOCKER_REPO:/=)/)$(firstword $(subst :, ,$(DOCKER_IMAGE)))
IMAGE_TAG = $(or $(word 2,$(subst :, ,$(DOCKER_IMAGE))),$(error DOCKER_IMAGE needs a tag: name:1.0))
IMAGE_SETTINGS = $(foreach part,image notebook.image,\
	--set dask.$(part).repository=$(IMAGE_NAME) --set-string dask.$(part).tag=$(IMAGE_TAG))
SETTINGS = \
	$(if $(WORKER_REPLICAS),--set dask.worker.replicas=$(WORKER_REPLICAS)) \
	$(if $(WORKER_CPU),--set dask.worker.resources.limits.cpu=$(WORKER_CPU)) \
	$(if $(WORKER_MEM),--set dask.worker.resources.limits.memory=$(WORKER_MEM)) \
	$(if $(DOCKER_IMAGE),$(IMAGE_SETTINGS))
# Without CONTEXT it is a simulated cluster on this machine: never the cluster that kubectl happens to point at.
CLUSTER = $(if $(CONTEXT),--context $(CONTEXT),--local)

.DEFAULT_GOAL := help
.PHONY: help gen check demo test lint bench deploy delete tools lock clean

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: pyproject.toml ci/tools/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r ci/tools/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

gen: $(VENV)/.installed ## Turn the profiles into values and documents
	@$(LABHELM) gen

check: $(VENV)/.installed ## Tell what is wrong with the profiles
	@$(LABHELM) check

demo: $(VENV)/.installed ## Install the lab platform on an API server of its own
	@$(LABHELM) gen lab
	@$(LABHELM) up lab --local

test: $(VENV)/.installed ## Run all tests
	@$(BIN)/python tests/run.py

lint: $(VENV)/.installed ## Run every linter
	@$(BIN)/python tests/lint.py

bench: $(VENV)/.installed ## Measure, side by side with others
	@$(BIN)/python tests/bench/run.py

deploy: $(VENV)/.installed ## Install PROFILE (docs/tutorial/arl.md has the variables)
	@$(LABHELM) up $(PROFILE) $(CLUSTER) --release $(RELEASE) --namespace $(NAMESPACE) $(SETTINGS)

delete: $(VENV)/.installed ## Remove PROFILE again; data stays
	@$(LABHELM) down $(PROFILE) $(CLUSTER) --release $(RELEASE) --namespace $(NAMESPACE)

tools: $(VENV)/.installed ## Bring the pinned tools
	@$(LABHELM) tools

lock: $(VENV)/.installed ## Pin the Python packages again
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --group dev --python-version 3.11 pyproject.toml --output-file ci/tools/requirements.txt --custom-compile-command "make lock"

clean: ## Remove the virtual environment
	rm -rf $(VENV)
