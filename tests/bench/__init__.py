"""What Labhelm costs, side by side with others: `make bench`. Figures, no tests."""
