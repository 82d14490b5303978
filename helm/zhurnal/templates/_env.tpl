{{/*
The one place that knows the binary's environment: `ZHURNAL__<SERVICE>__<KEY>`, or
`ZHURNAL__<SECTION>__<KEY>` for what all services share. Files are mounted by _pod.tpl.
*/}}

{{/* Plain settings as a map. Arguments: root, service. */}}
{{- define "zhurnal.env.plain" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
ZHURNAL__TELEMETRY__FORMAT: json
ZHURNAL__TELEMETRY__FILTER: {{ $root.Values.telemetry.filter | quote }}
{{- with $root.Values.telemetry.otlpEndpoint }}
ZHURNAL__TELEMETRY__OTLP_ENDPOINT: {{ . | quote }}
ZHURNAL__TELEMETRY__SAMPLE_RATIO: {{ $root.Values.telemetry.sampleRatio | quote }}
{{- end }}
ZHURNAL__TOKENS__KEY_FILE: /etc/zhurnal/tokens/key.pem
{{- if $root.Values.tls.enabled }}
ZHURNAL__TLS__CA_FILE: /etc/zhurnal/tls/ca.crt
ZHURNAL__TLS__CERT_FILE: /etc/zhurnal/tls/tls.crt
ZHURNAL__TLS__KEY_FILE: /etc/zhurnal/tls/tls.key
{{- end }}
{{- $scheme := $root.Values.tls.enabled | ternary "https" "http" }}
{{- range $service.peers }}
ZHURNAL__PEERS__{{ upper . }}: {{ printf "%s://%s:50051" $scheme (include "zhurnal.name" (list $root .)) | quote }}
{{- end }}
{{- range $key, $value := $service.env }}
{{ $key }}: {{ $value | toString | quote }}
{{- end }}
{{- end -}}

{{/* Settings from Secrets, as entries of a container's `env`. Arguments: root, service. */}}
{{- define "zhurnal.env.secret" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- if $service.database.enabled }}
- name: ZHURNAL__{{ upper $service.name }}__DATABASE__URL
  valueFrom:
    secretKeyRef:
      name: {{ include "zhurnal.databaseSecret" $service }}
      key: {{ $service.database.key }}
{{- end }}
{{- if $root.Values.redis.enabled }}
- name: ZHURNAL__REDIS__URL
  valueFrom:
    secretKeyRef:
      name: {{ $root.Values.redis.existingSecret }}
      key: {{ $root.Values.redis.key }}
{{- end }}
{{- end -}}
