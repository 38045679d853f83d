// The system's libcrypto (OpenSSL 3), used for SHA-256 alone.
#include <openssl/evp.h>
