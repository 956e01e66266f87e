from django.apps import AppConfig


class ProverConfig(AppConfig):
    name = "shop.prover"
    label = "prover"
    verbose_name = "Proof of isolation"
