"""The night: seal, fit, evaluate, audit, gate. Each stage may be killed and begun again."""
