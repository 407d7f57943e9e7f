"""The night: seal, tidy, fit, evaluate, audit, decide. A killed stage can be started again."""
