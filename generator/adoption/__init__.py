"""Objects that were there before Labhelm: which of them a release can take over, their data untouched."""
