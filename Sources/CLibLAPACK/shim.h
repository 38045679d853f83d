// The system's BLAS and LAPACK: OpenBLAS on Linux, Accelerate on macOS.
//
// The Fortran routines that Braid calls are declared here and nothing else, so that no header has to be installed and
// any library that has them will do. Fortran compilers hand over the lengths of character arguments after all others;
// libraries written in C ignore them. Matrices are stored by columns; `info` is returned (0: success).
#include <stddef.h>

extern void dgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k, const double *alpha,
                   const double *a, const int *lda, const double *b, const int *ldb, const double *beta, double *c,
                   const int *ldc, size_t, size_t);
extern void sgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k, const float *alpha,
                   const float *a, const int *lda, const float *b, const int *ldb, const float *beta, float *c,
                   const int *ldc, size_t, size_t);
extern void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork,
                    int *info);
extern void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau, double *work,
                    const int *lwork, int *info);
extern void sgeqrf_(const int *m, const int *n, float *a, const int *lda, float *tau, float *work, const int *lwork,
                    int *info);
extern void sorgqr_(const int *m, const int *n, const int *k, float *a, const int *lda, const float *tau, float *work,
                    const int *lwork, int *info);
extern void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u,
                    const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info,
                    size_t);
extern void dgesvd_(const char *jobu, const char *jobvt, const int *m, const int *n, double *a, const int *lda, double *s,
                    double *u, const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *info,
                    size_t, size_t);

extern void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
                    const int *lwork, int *iwork, const int *liwork, int *info, size_t, size_t);

static inline void clapack_dgemm(char transa, char transb, int m, int n, int k, double alpha, const double *a, int lda,
                                 const double *b, int ldb, double beta, double *c, int ldc) {
    dgemm_(&transa, &transb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc, 1, 1);
}

static inline void clapack_sgemm(char transa, char transb, int m, int n, int k, float alpha, const float *a, int lda,
                                 const float *b, int ldb, float beta, float *c, int ldc) {
    sgemm_(&transa, &transb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc, 1, 1);
}

static inline int clapack_dgeqrf(int m, int n, double *a, int lda, double *tau, double *work, int lwork) {
    int info = 0;
    dgeqrf_(&m, &n, a, &lda, tau, work, &lwork, &info);
    return info;
}

static inline int clapack_dorgqr(int m, int n, int k, double *a, int lda, const double *tau, double *work, int lwork) {
    int info = 0;
    dorgqr_(&m, &n, &k, a, &lda, tau, work, &lwork, &info);
    return info;
}

static inline int clapack_sgeqrf(int m, int n, float *a, int lda, float *tau, float *work, int lwork) {
    int info = 0;
    sgeqrf_(&m, &n, a, &lda, tau, work, &lwork, &info);
    return info;
}

static inline int clapack_sorgqr(int m, int n, int k, float *a, int lda, const float *tau, float *work, int lwork) {
    int info = 0;
    sorgqr_(&m, &n, &k, a, &lda, tau, work, &lwork, &info);
    return info;
}

// Thin: u is m × min(m, n) and vt min(m, n) × n. iwork holds 8 · min(m, n) numbers.
static inline int clapack_dgesdd(int m, int n, double *a, int lda, double *s, double *u, int ldu, double *vt, int ldvt,
                                 double *work, int lwork, int *iwork) {
    const char job = 'S';
    int info = 0;
    dgesdd_(&job, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, iwork, &info, 1);
    return info;
}

static inline int clapack_dgesvd(int m, int n, double *a, int lda, double *s, double *u, int ldu, double *vt, int ldvt,
                                 double *work, int lwork) {
    const char job = 'S';
    int info = 0;
    dgesvd_(&job, &job, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, &info, 1, 1);
    return info;
}

// The eigenvalues, ascending, and with job 'V' the vectors in place of the symmetric matrix, by columns; iwork holds
// 3 + 5 · n numbers.
static inline int clapack_dsyevd(char job, int n, double *a, double *w, double *work, int lwork, int *iwork) {
    const char half = 'U';
    int info = 0, liwork = 3 + 5 * n;
    dsyevd_(&job, &half, &n, a, &n, w, work, &lwork, iwork, &liwork, &info, 1, 1);
    return info;
}

#ifdef __APPLE__
static inline void clapack_use_one_thread(void) {}
#else
// Missing in other libraries, which then keep to their own settings.
extern void openblas_set_num_threads(int count) __attribute__((weak));

static inline void clapack_use_one_thread(void) {
    if (openblas_set_num_threads) openblas_set_num_threads(1);
}
#endif
