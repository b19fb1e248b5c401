"""What happens, and what runs: the one place that joins everything else."""
