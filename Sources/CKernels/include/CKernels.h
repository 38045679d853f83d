// Braid's kernels: float32 SIMD with run-time dispatch, and a plain-C twin of each.
//
// Every sum runs in one fixed order that depends only on the operands, never on the tile, the batch or the thread that
// computes it:
//   - ck_gemm: each output element is one chain of fused multiply-adds over k = 0, 1, 2, …
//   - row kernels (norm, softmax, dot): element i belongs to partial sum i mod 16; the 16 are added pairwise.
// So all back ends (plain C, AVX2, AVX-512, NEON) give the same bits.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Columns in a packed panel.
#define CK_PANEL 16

typedef enum { CK_PLAIN = 0, CK_VECTOR = 1, CK_AVX2 = 2, CK_AVX512 = 3 } ck_backend;

// The best back end of this machine, as a C string: "plain", "neon", "avx2" or "avx512".
const char *ck_backend_name(void);
// Chooses a back end for tests and measurements; false (and no change) where this machine lacks it.
bool ck_select_backend(ck_backend backend);

// Keeps freed memory for the next allocation, up to 1 GB of it; nothing on other systems than Linux with glibc.
void ck_keep_freed_memory(void);

// C[m, n] = Σ_k A[m, k]·B[k, n] (added to what C holds if `accumulate`).
// A[m, k] is a[m·a_row + k·a_step]; B[k, n] is b[(n / 16)·b_panel + k·b_step + n % 16]; C[m, n] is c[m·c_row + n].
// Packed panels: b_panel = 16·K, b_step = 16. Row-major [K, N]: b_panel = 16, b_step = N; then `padded` must be false
// unless N is a multiple of 16: it says that the last panel may be read to its full width.
void ck_gemm(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_step, const float *b,
             ptrdiff_t b_panel, ptrdiff_t b_step, bool padded, float *c, ptrdiff_t c_row, bool accumulate);

// Packs panels [first, last) of B where B[k, n] = source[n·stride + k] (a weight matrix [N, K]); missing columns are 0.
void ck_pack_rows(const float *source, ptrdiff_t n, ptrdiff_t k, ptrdiff_t stride, float *panels, ptrdiff_t first,
                  ptrdiff_t last);
// The same where B[k, n] = source[k·stride + n] (a matrix [K, N]).
void ck_pack_columns(const float *source, ptrdiff_t n, ptrdiff_t k, ptrdiff_t stride, float *panels, ptrdiff_t first,
                     ptrdiff_t last);

// Products of 8-bit integers, for weights W[n, k] ≈ b_scale[n, k / group]·w[n, k] and rows A[m, k] ≈
// a_scale[m, k / group]·a[m, k], both symmetric, −127 … 127. A group's integer sum is exact: |Σ| ≤
// CK_INT8_GROUP·127·255 < 2³¹, and no instruction that saturates is given more than it holds. Then C[m, n] is the chain
// over g of fused multiply-adds of a_scale[m, g] and (b_scale[n, g]·sum[g]), in order, (added to what C holds if
// `accumulate`): the same bits on every back end.
//
// A group holds `group` products, a multiple of 4 and at most CK_INT8_GROUP; the last group may be shorter. A's rows are
// a_row bytes apart, a multiple of 4 that is at least k, with zeros behind k. Panels of 16 columns hold
// [k / 4, rounded up][column][4] bytes, each w + 128, and their scales [panel][group][column].
#define CK_INT8_GROUP 4096
void ck_gemm_int8(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, ptrdiff_t group, const int8_t *a, ptrdiff_t a_row,
                  const float *a_scale, const int32_t *a_sum, ptrdiff_t a_groups, const uint8_t *b,
                  const float *b_scale, float *c, ptrdiff_t c_row, bool accumulate);
// One row of A: a, and for each group its scale (largest |x| / 127) and the sum of its a's.
void ck_quantize_row(const float *x, ptrdiff_t k, ptrdiff_t group, int8_t *a, float *a_scale, int32_t *a_sum);
// Quantises and packs panels [first, last) of the weight matrix source[n·stride + k]; missing columns are 0.
void ck_pack_int8(const float *source, ptrdiff_t n, ptrdiff_t k, ptrdiff_t group, ptrdiff_t stride, uint8_t *panels,
                  float *b_scale, ptrdiff_t first, ptrdiff_t last);

// y = x / sqrt(mean(x²) + epsilon) · weight; returns the factor 1 / sqrt(…).
float ck_rms_norm(const float *x, const float *weight, float *y, ptrdiff_t count, float epsilon);
// dx += gradient of RMSNorm for dy, given x, the weight and the factor that ck_rms_norm returned.
void ck_rms_norm_backward(const float *x, const float *weight, const float *dy, float factor, float *dx,
                          ptrdiff_t count);
// y = (x − mean) / sqrt(variance + epsilon) · weight + bias, in place as well; bias may be NULL.
void ck_layer_norm(const float *x, const float *weight, const float *bias, float *y, ptrdiff_t count, float epsilon);
// dx += gradient of LayerNorm for dy, given x and the weight.
void ck_layer_norm_backward(const float *x, const float *weight, const float *dy, float *dx, ptrdiff_t count,
                            float epsilon);
// Softmax of scale·x[0 ..< valid] in place; x[valid ..< count] becomes 0.
void ck_softmax(float *x, ptrdiff_t valid, ptrdiff_t count, float scale);
// ds = p·(dp − Σ p·dp)·scale over `valid` elements, in place of dp; the rest up to `count` becomes 0.
void ck_softmax_backward(const float *p, float *dp, ptrdiff_t valid, ptrdiff_t count, float scale);
// Rotates each of `heads` vectors of `size` by halves: pairs (i, i + size/2) with cosine[i], sine[i]·direction (1 or −1).
void ck_rope(float *x, ptrdiff_t heads, ptrdiff_t size, const float *cosine, const float *sine, float direction);
// The same for the first `rotated` elements of each vector; the others stay.
void ck_rope_partial(float *x, ptrdiff_t heads, ptrdiff_t size, ptrdiff_t rotated, const float *cosine,
                     const float *sine, float direction);
// y = silu(gate)·up.
void ck_silu_multiply(const float *gate, const float *up, float *y, ptrdiff_t count);
// Gradients of y = silu(gate)·up, written over gate (dgate) and up (dup).
void ck_silu_multiply_backward(float *gate, float *up, const float *dy, ptrdiff_t count);
// y = gelu(gate)·up, with gelu in its tanh form: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
void ck_gelu_multiply(const float *gate, const float *up, float *y, ptrdiff_t count);
// Gradients of y = gelu(gate)·up, written over gate (dgate) and up (dup).
void ck_gelu_multiply_backward(float *gate, float *up, const float *dy, ptrdiff_t count);
// Natural log of Σ exp(x).
float ck_log_sum_exp(const float *x, ptrdiff_t count);
// x = softmax-cross-entropy gradient: scale·(softmax(x) − onehot(target)), given the row's log-sum-exp.
void ck_cross_entropy_backward(float *x, ptrdiff_t count, ptrdiff_t target, float log_sum, float scale);
// Entropy of softmax(x) in nats, given the log-sum-exp: Σ p·(log_sum − x).
float ck_entropy(const float *x, ptrdiff_t count, float log_sum);
// x = its gradient, times scale: scale·p·((log_sum − x) − entropy).
void ck_entropy_backward(float *x, ptrdiff_t count, float log_sum, float entropy, float scale);
// Index of the largest element; the lowest index among equals.
ptrdiff_t ck_argmax(const float *x, ptrdiff_t count);
// y += x.
void ck_add(const float *x, float *y, ptrdiff_t count);
// Σ x·y.
float ck_dot(const float *x, const float *y, ptrdiff_t count);
// Whether no element is infinite or not a number.
bool ck_all_finite(const float *x, ptrdiff_t count);

// The entries of dense updates. The bits of |x| as an unsigned number are ordered as |x| is.

// x = 0 unless low ≤ bits of |x| ≤ high.
void ck_keep_magnitudes(float *x, ptrdiff_t count, uint32_t low, uint32_t high);
// How many magnitudes have bits above `high`; those from `low` to `high` are written to `found`, in order, and their
// number to `found_count`. `found` has room for `count` + 16.
ptrdiff_t ck_count_magnitudes(const float *x, ptrdiff_t count, uint32_t low, uint32_t high, uint32_t *found,
                              ptrdiff_t *found_count);
// x / divisor where the upper 53 bits of SplitMix64's numbers after `state`, one for each entry, are below `limit`; else 0.
void ck_thin(float *x, ptrdiff_t count, uint64_t state, uint64_t limit, float divisor);

// x = 0 in a row unless SplitMix64's number, as above, is below the limit of its magnitude's rank, counted from the smallest;
// of equal magnitudes the earlier one is the larger. The limits, one for each rank, do not fall. False, and no change,
// where too many ranks would have to be counted out; `room` is for `count` + 2·CK_RANK_BUCKETS numbers.
#define CK_RANK_BUCKETS 2048
bool ck_thin_ranked(float *x, ptrdiff_t count, uint64_t state, const uint64_t *limits, uint32_t *room);

// For each entry of a row how many magnitudes are smaller; of equal ones the earlier is the larger. False, and no ranks,
// where most entries are of nearly one size beside a far larger one. `room` is for 2·count + CK_RANK_ROOM numbers.
#define CK_RANK_ROOM 512
bool ck_rank_magnitudes(const float *x, ptrdiff_t count, int32_t *ranks, uint64_t *room);
// x / divisor[rank] where SplitMix64's number, as above, is below limits[rank]; else 0.
void ck_thin_by_rank(float *x, ptrdiff_t count, uint64_t state, const uint64_t *limits, const float *divisors,
                     const int32_t *ranks);

// What is added up to elect a sign: entries; their signs; signs, and where these cancel out the entries.
typedef enum { CK_VOTE_TOTAL = 0, CK_VOTE_SIGN = 1, CK_VOTE_SIGN_THEN_TOTAL = 2 } ck_vote;
// sum, of at least 16 entries and apart from the tensors: Σ factor·x / Σ share (1 where that is 0) over the tensors whose entry has the elected sign, 0 counting as +; an
// entry of 0 has no sign.
void ck_elect(const float *const *x, ptrdiff_t tensors, ptrdiff_t count, const float *factors, const float *shares,
              ck_vote vote, float *sum);
// The same without election: sum = Σ factor·x, in the order of the tensors.
void ck_add_weighted(const float *const *x, ptrdiff_t tensors, ptrdiff_t count, const float *factors, float *sum);

#endif
