{{/*
The one place that knows the binary's environment, `ZHURNAL__<SECTION>__<KEY>`: sections of the process
(server, database, cache, peers, tokens, telemetry) and one per service. _pod.tpl mounts the files.
*/}}

{{/* Plain settings as a map; the service's own `env` wins. Arguments: root, service. */}}
{{- define "zhurnal.env.plain" -}}
{{- $settings := include "zhurnal.env.chart" . | fromYaml -}}
{{- range $key, $value := (index . 1).env -}}
  {{- $_ := set $settings $key ($value | toString) -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* What the chart itself sets. Arguments: root, service. */}}
{{- define "zhurnal.env.chart" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
ZHURNAL__DATA__DIR: /var/lib/zhurnal
ZHURNAL__SERVER__GRPC: {{ eq $service.expose "grpc" | ternary "0.0.0.0:50051" "" | quote }}
ZHURNAL__SERVER__ADMIN: 0.0.0.0:9090
ZHURNAL__SERVER__DRAIN_DELAY_MS: {{ mul $service.drain.delaySeconds 1000 | quote }}
ZHURNAL__SERVER__GRACE_MS: {{ mul $service.drain.graceSeconds 1000 | quote }}
ZHURNAL__DATABASE__MIGRATE: {{ not $root.Values.migrations.enabled | quote }}
ZHURNAL__TELEMETRY__FORMAT: json
ZHURNAL__TELEMETRY__FILTER: {{ $root.Values.telemetry.filter | quote }}
{{- with $root.Values.telemetry.otlpEndpoint }}
ZHURNAL__TELEMETRY__OTLP_ENDPOINT: {{ . | quote }}
ZHURNAL__TELEMETRY__SAMPLE_RATIO: {{ $root.Values.telemetry.sampleRatio | quote }}
{{- end }}
ZHURNAL__TOKENS__KEY_FILE: /etc/zhurnal/tokens/private.pem
{{- with $service.dataKey }}
ZHURNAL__{{ upper $service.name }}__{{ . }}: /etc/zhurnal/tokens/data.key
{{- end }}
{{- range $name := keys (include "zhurnal.services" $root | fromYaml) | sortAlpha }}
ZHURNAL__TOKENS__TRUSTED__{{ upper $name }}: /etc/zhurnal/tokens/{{ $name }}.pem
{{- end }}
{{- if $root.Values.tls.enabled }}
ZHURNAL__PEERS__TLS__CA_FILE: /etc/zhurnal/tls/ca.crt
ZHURNAL__PEERS__TLS__CERT_FILE: /etc/zhurnal/tls/tls.crt
ZHURNAL__PEERS__TLS__KEY_FILE: /etc/zhurnal/tls/tls.key
{{- if eq $service.expose "grpc" }}
ZHURNAL__SERVER__TLS__CLIENT_CA_FILE: /etc/zhurnal/tls/ca.crt
ZHURNAL__SERVER__TLS__CERT_FILE: /etc/zhurnal/tls/tls.crt
ZHURNAL__SERVER__TLS__KEY_FILE: /etc/zhurnal/tls/tls.key
{{- end }}
{{- end }}
{{- $scheme := $root.Values.tls.enabled | ternary "https" "http" }}
{{- range $service.peers }}
ZHURNAL__PEERS__URLS__{{ upper . }}: {{ printf "%s://%s:50051" $scheme (include "zhurnal.name" (list $root .)) | quote }}
{{- end }}
{{- end -}}

{{/* Settings from Secrets, as entries of a container's `env`. Arguments: root, service. */}}
{{- define "zhurnal.env.secret" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- if $service.database.enabled }}
- name: ZHURNAL__DATABASE__URLS__{{ upper $service.name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "zhurnal.databaseSecret" $service }}
      key: {{ $service.database.key }}
{{- end }}
{{- if $root.Values.redis.enabled }}
- name: ZHURNAL__CACHE__URL
  valueFrom:
    secretKeyRef:
      name: {{ $root.Values.redis.existingSecret }}
      key: {{ $root.Values.redis.key }}
{{- end }}
{{- end -}}
