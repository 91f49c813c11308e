from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "thudo.simulation"
    label = "simulation"
