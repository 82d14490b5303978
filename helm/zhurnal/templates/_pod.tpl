{{/* What the pods of a service and of its migration share. */}}

{{/* Pod-level settings. Arguments: root, service. */}}
{{- define "zhurnal.pod" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with $service.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $service.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $service.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* Container-level settings. Arguments: root, service. */}}
{{- define "zhurnal.container" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
image: {{ include "zhurnal.image" $root | quote }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  privileged: false
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: data
    mountPath: /var/lib/zhurnal
  - name: tmp
    mountPath: /tmp
  - name: tokens
    mountPath: /etc/zhurnal/tokens
    readOnly: true
  {{- if $root.Values.tls.enabled }}
  - name: tls
    mountPath: /etc/zhurnal/tls
    readOnly: true
  {{- end }}
{{- end -}}

{{/* Volumes behind those mounts. Arguments: root, service. */}}
{{- define "zhurnal.volumes" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
- name: data
  {{- if $service.files.existingClaim }}
  persistentVolumeClaim:
    claimName: {{ $service.files.existingClaim }}
  {{- else }}
  emptyDir:
    sizeLimit: {{ $service.files.sizeLimit }}
  {{- end }}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
- name: tokens
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ $root.Values.tokens.existingSecret }}
          items:
            - key: {{ $service.name }}.pem
              path: private.pem
      - configMap:
          name: {{ $root.Values.tokens.publicKeys }}
      {{- if $service.dataKey }}
      - secret:
          name: {{ $root.Values.tokens.dataKeys }}
          items:
            - key: {{ $service.name }}.key
              path: data.key
      {{- end }}
{{- if $root.Values.tls.enabled }}
- name: tls
  secret:
    secretName: {{ $root.Values.tls.existingSecret }}
    defaultMode: 0440
{{- end }}
{{- end -}}
