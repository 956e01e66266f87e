"""django-prometheus's numbers, with labels that visitors cannot multiply."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django_prometheus.middleware import PrometheusAfterMiddleware


class MetricsMiddleware(PrometheusAfterMiddleware):
    """Views are as many as there are addresses, and methods the nine that HTTP has."""

    def label_metric(
        self, metric: Any, request: HttpRequest, response: HttpResponse | None = None, **labels: str
    ) -> Any:
        """One of its metrics is labelled with the method as it came, which can be any word."""
        if "method" in labels:
            labels["method"] = self._method(request)
        return labelled(metric, **labels)

    def process_template_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Not counted: Oscar names a template for each product."""
        return response


@cache
def labelled(metric: Any, **labels: str) -> Any:
    """The one number of a metric that has these labels, which are as few as the views."""
    return metric.labels(**labels) if labels else metric
