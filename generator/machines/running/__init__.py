"""`labhelm machines PROFILE --run`: the machines' scripts, run by ssh in the order in which machines join."""
