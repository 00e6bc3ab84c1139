package io.daybook.k8s;

class SchemasTest {}
