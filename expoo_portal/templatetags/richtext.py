"""Rich text in a template: {% load richtext %} {{ practice.approach|richtext }}."""

from django import template
from django.utils.safestring import SafeString

from expoo_portal.richtext import as_safe

register = template.Library()


@register.filter
def richtext(html: str) -> SafeString:
    """Stored rich text as HTML, sanitised once more on its way out."""
    return as_safe(html)
