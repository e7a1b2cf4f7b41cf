"""The one set of templates and the one style sheet that every NREM page is built from.

A service uses :func:`nrem_shared.web.rendering.build_templates` once, puts a :class:`nrem_shared.web.site.Site` into
``app.state.site`` and answers with :func:`nrem_shared.web.rendering.page`.
"""
