"""Simulated traffic with a known truth, through the same choices and journal as real traffic."""
