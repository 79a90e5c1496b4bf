"""The OpenAPI document, made from views, bodies, filters and serializers themselves: it cannot lag behind."""
