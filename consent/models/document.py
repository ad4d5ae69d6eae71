"""What every kept file has: its bytes, what they are, and their hash. Columns only; who it is about and who may read it stand beside."""

from django.db import models


class Document(models.Model):
    """A file, byte by byte, with its SHA-256."""

    content_type = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    data = models.BinaryField()

    class Meta:
        abstract = True
