"""Rich text in a template: {% load richtext %} {{ practice.approach|richtext }}; under an h1 {{ body|richtext:2 }}."""

from django import template
from django.utils.safestring import SafeString

from expoo_portal.folding import folded_anchor
from expoo_portal.richtext import TOP_HEADING, as_safe

register = template.Library()
register.filter(folded_anchor)


@register.filter
def richtext(html: str, top_heading: int = TOP_HEADING) -> SafeString:
    """Stored rich text as HTML, sanitised once more on its way out; its highest headings at this level."""
    return as_safe(html, top_heading)
