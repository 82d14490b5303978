# The one image: a static binary, the roots of trust and nothing else. `make image` builds the binary
# and calls this with a folder that holds both, so that no other image is needed.
FROM scratch
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --chmod=0555 zhurnal /zhurnal
USER 65532:65532
ENTRYPOINT ["/zhurnal"]
CMD ["serve"]
