#!/bin/sh
# Generates Java types and a query API from schema.client.graphql with Netflix's DGS codegen. Needs Maven and Java 17; not in CI.
#
#   sh test/clients/java/generate.sh
set -eu
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd)
out="$root/var/java-client"
mvn -q -B org.codehaus.mojo:exec-maven-plugin:3.5.0:java \
  -Dexec.mainClass=com.netflix.graphql.dgs.codegen.CodeGenCliKt \
  -Dexec.args="--generate-client --output-dir $out --package-name uk.example.spine $root/schema.client.graphql"
echo "$(find "$out" -name '*.java' | wc -l) Java files in $out"
