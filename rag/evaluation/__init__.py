"""Evaluation: gold questions, BEIR folders, diagnosis of misses, reports."""
