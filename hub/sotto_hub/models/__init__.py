"""Recogniser models: which there are, which are here, and fetching one on request."""

from sotto_hub.models.catalogue import CATALOGUE, Model, best_for, named, pull_command
from sotto_hub.models.pull import Plan, complete, installed, plan, pull

__all__ = ["CATALOGUE", "Model", "Plan", "best_for", "complete", "installed", "named", "plan", "pull", "pull_command"]
