"""The rate model as shipped. Written by bench/fit_schedule.py: change that, not this.

Fitted on 14 days after publication of 400 live blogs (24,719 updates),
1,200 fire incidents (1,648 updates),
131 advice pages (121 updates).
A random choice with seed 6; `bench schedule` measures on other articles.
"""

from __future__ import annotations

from watcher.core.schedule.rate import RateModel

FITTED = RateModel(
    lengths=(600.0, 3600.0, 21600.0, 86400.0, 604800.0),
    excitation=(0.00833, 0.8115, 0.009031, 0.0409, 0.002),
    publication=(0.03163, 1.5, 0.3424, 0.01291, 0.002),
    base=1.925e-07,
    host_weight=2.0,
    article_weight=4.0,
    memory=50.0,
)
