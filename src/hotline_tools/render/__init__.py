"""Renderers: one output form a file; they know ``ReportTable`` and never a report."""
