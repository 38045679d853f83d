// The job of job.py on libllama: up to `--parallel` sequences at a time; when one ends the next prompt takes its place.
// Every step's batch holds one token of each sequence that generates and, up to --batch tokens, prompts that wait.
// Prints one line of JSON. Greedy; end-of-text is not looked at, so every prompt yields exactly --new tokens.
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "llama.h"

using Clock = std::chrono::steady_clock;
static double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

static double processAge() {
    std::ifstream stream("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(stream)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string field;
    for (int index = 0; index < 20; index++) fields >> field;
    timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec + now.tv_nsec * 1e-9 - std::stod(field) / sysconf(_SC_CLK_TCK);
}

static double cpuSeconds() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

[[noreturn]] static void fail(const char * message) {
    fprintf(stderr, "llama_job: %s\n", message);
    exit(1);
}

static std::vector<llama_token> promptOf(int index, int vocabulary) {
    std::vector<llama_token> tokens(134 + index * 37 % 33);
    for (size_t j = 0; j < tokens.size(); j++) tokens[j] = (int(j) * 37 + index * 101) % (vocabulary - 600) + 300;
    return tokens;
}

static llama_token greatest(const float * logits, int count) {
    float best = logits[0];
    for (int index = 1; index < count; index++) best = logits[index] > best ? logits[index] : best;
    return llama_token(std::find(logits, logits + count, best) - logits);
}

static void onlyErrors(ggml_log_level level, const char * text, void *) {
    if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

struct Slot {
    int prompt = -1;      // -1: free
    size_t position = 0;  // tokens in the cache
    int row = -1;         // row of the batch whose logits belong to this slot
};

struct Result {
    double seconds = 0, firstToken = -1, promptSeconds = 0, decodeSeconds = 0;
    long promptSteps = 0, decodeSteps = 0, promptStepTokens = 0, decodeStepTokens = 0;
    std::vector<std::vector<llama_token>> generated;
};

static void add(llama_batch & batch, llama_token token, size_t position, int sequence, bool logits) {
    const int row = batch.n_tokens++;
    batch.token[row] = token;
    batch.pos[row] = llama_pos(position);
    batch.n_seq_id[row] = 1;
    batch.seq_id[row][0] = sequence;
    batch.logits[row] = logits;
}

// whole: a prompt enters a batch only as a whole; waves: prompts and generated tokens never share a batch.
static Result run(llama_context * context, const std::vector<std::vector<llama_token>> & prompts, int vocabulary, int parallel, int newTokens,
                  int capacity, bool whole, bool waves) {
    llama_memory_clear(llama_get_memory(context), false);
    Result result;
    result.generated.resize(prompts.size());
    std::vector<Slot> slots(parallel);
    llama_batch batch = llama_batch_init(capacity, 0, 1);
    size_t next = 0, finished = 0;
    const auto start = Clock::now();
    while (finished < prompts.size()) {
        batch.n_tokens = 0;
        const auto stepStart = Clock::now();
        int promptTokens = 0;
        bool waiting = false;
        for (Slot & slot : slots) {
            slot.row = -1;
            if (slot.prompt < 0 && next < prompts.size()) slot = {int(next++), 0, -1};
            waiting = waiting || (slot.prompt >= 0 && slot.position < prompts[slot.prompt].size());
        }
        for (int index = 0; index < parallel && !(waves && waiting); index++) {
            Slot & slot = slots[index];
            if (slot.prompt < 0 || slot.position < prompts[slot.prompt].size()) continue;
            slot.row = batch.n_tokens;
            add(batch, result.generated[slot.prompt].back(), slot.position++, index, true);
        }
        for (int index = 0; index < parallel; index++) {
            Slot & slot = slots[index];
            if (slot.prompt < 0 || slot.row >= 0) continue;
            const auto & tokens = prompts[slot.prompt];
            if (slot.position >= tokens.size()) continue;
            const int room = capacity - batch.n_tokens;
            if (room == 0 || (whole && room < int(tokens.size()))) break;
            for (int count = 0; count < room && slot.position < tokens.size(); count++, promptTokens++) {
                const bool last = slot.position + 1 == tokens.size();
                if (last) slot.row = batch.n_tokens;
                add(batch, tokens[slot.position], slot.position, index, last);
                slot.position++;
            }
        }
        if (llama_decode(context, batch) != 0) fail("llama_decode failed");
        for (int index = 0; index < parallel; index++) {
            Slot & slot = slots[index];
            if (slot.row < 0) continue;
            auto & generated = result.generated[slot.prompt];
            generated.push_back(greatest(llama_get_logits_ith(context, slot.row), vocabulary));
            if (result.firstToken < 0) result.firstToken = since(start);
            if (int(generated.size()) == newTokens) {
                llama_memory_seq_rm(llama_get_memory(context), index, -1, -1);
                slot = {};
                finished++;
            }
        }
        const double spent = since(stepStart);
        if (promptTokens > 0) {
            result.promptSeconds += spent, result.promptSteps++, result.promptStepTokens += batch.n_tokens;
        } else {
            result.decodeSeconds += spent, result.decodeSteps++, result.decodeStepTokens += batch.n_tokens;
        }
    }
    result.seconds = since(start);
    llama_batch_free(batch);
    return result;
}

int main(int argc, char ** argv) {
    std::map<std::string, std::string> options = {
        {"--model", ""}, {"--lora", ""}, {"--parallel", "32"}, {"--batch", "512"}, {"--ubatch", "512"}, {"--flash", "1"}, {"--threads", "2"},
        {"--unified", "0"}, {"--whole", "0"}, {"--waves", "0"}, {"--prompts", "64"}, {"--new", "32"}, {"--repeat", "1"}, {"--mmap", "1"},
        {"--repack", "1"}, {"--context", "256"}, {"--kv", "f16"}, {"--verbose", "0"}, {"--warmup", "1"}};
    for (int index = 1; index < argc; index += 2) {
        if (!options.count(argv[index]) || index + 1 == argc) {
            fail("usage: llama_job --model FILE [--lora FILE] [--OPTION VALUE]; see the source");
        }
        options[argv[index]] = argv[index + 1];
    }
    const auto number = [&](const char * name) { return std::stoi(options[name]); };
    if (!number("--verbose")) llama_log_set(onlyErrors, nullptr);

    const auto loadStart = Clock::now();
    llama_backend_init();
    auto modelParameters = llama_model_default_params();
    modelParameters.use_extra_bufts = number("--repack");
    modelParameters.load_mode = number("--mmap") ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE;
    llama_model * model = llama_model_load_from_file(options["--model"].c_str(), modelParameters);
    if (!model) fail("cannot load the model");
    const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    const int parallel = number("--parallel"), capacity = number("--batch");

    auto parameters = llama_context_default_params();
    parameters.n_ctx = parallel * number("--context");
    parameters.n_batch = capacity;
    parameters.n_ubatch = number("--ubatch");
    parameters.n_seq_max = parallel;
    parameters.n_outputs_max = parallel;
    parameters.n_threads = parameters.n_threads_batch = number("--threads");
    parameters.flash_attn_type = number("--flash") ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
    parameters.kv_unified = number("--unified");
    parameters.type_k = parameters.type_v = options["--kv"] == "f32" ? GGML_TYPE_F32 : GGML_TYPE_F16;
    llama_context * context = llama_init_from_model(model, parameters);
    if (!context) fail("cannot make the context");
    if (!options["--lora"].empty()) {
        llama_adapter_lora * adapter = llama_adapter_lora_init(model, options["--lora"].c_str());
        float scale = 1;
        if (!adapter || llama_set_adapters_lora(context, &adapter, 1, &scale) != 0) fail("cannot load the adapter");
    }
    const double loadSeconds = since(loadStart);

    std::vector<std::vector<llama_token>> prompts;
    for (int index = 0; index < number("--prompts"); index++) prompts.push_back(promptOf(index, vocabulary));
    if (number("--warmup")) run(context, {promptOf(0, vocabulary)}, vocabulary, 1, 2, capacity, false, false);

    std::vector<double> all, cpu;
    Result result;
    double processToFirst = -1;
    for (int round = 0; round < number("--repeat"); round++) {
        const double age = processAge(), cpuStart = cpuSeconds();
        result = run(context, prompts, vocabulary, parallel, number("--new"), capacity, number("--whole"), number("--waves"));
        if (round == 0) processToFirst = age + result.firstToken;
        all.push_back(result.seconds);
        cpu.push_back(cpuSeconds() - cpuStart);
    }
    auto sorted = all;
    std::sort(sorted.begin(), sorted.end());
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    long promptTokens = 0, newTokens = 0;
    for (const auto & prompt : prompts) promptTokens += prompt.size();
    for (const auto & tokens : result.generated) newTokens += tokens.size();
    printf("{\"engine\":\"llama.cpp\",\"seconds\":%.4f,\"all_seconds\":[", sorted[(sorted.size() - 1) / 2]);
    for (size_t index = 0; index < all.size(); index++) printf("%s%.4f", index ? "," : "", all[index]);
    std::sort(cpu.begin(), cpu.end());
    printf("],\"cpu_seconds\":%.4f", cpu[(cpu.size() - 1) / 2]);
    printf(",\"load_seconds\":%.4f,\"process_to_first_token_seconds\":%.3f,\"peak_bytes\":%ld,\"prompt_tokens\":%ld,\"new_tokens\":%ld,",
           loadSeconds, processToFirst, usage.ru_maxrss * 1024L, promptTokens, newTokens);
    // Steps with prompt tokens in them may also carry generated ones: their rate counts all tokens of such steps.
    printf("\"prefill_step_tokens_per_second\":%.1f,\"decode_only_tokens_per_second\":%.1f,\"prefill_steps\":%ld,\"decode_only_steps\":%ld,"
           "\"prefill_step_seconds\":%.4f,\"decode_only_seconds\":%.4f,\"first_tokens\":[",
           result.promptStepTokens / result.promptSeconds, result.decodeSteps ? result.decodeStepTokens / result.decodeSeconds : 0.0,
           result.promptSteps, result.decodeSteps, result.promptSeconds, result.decodeSeconds);
    for (size_t index = 0; index < std::min<size_t>(3, result.generated.size()); index++) {
        printf("%s[", index ? "," : "");
        for (size_t j = 0; j < result.generated[index].size(); j++) printf("%s%d", j ? "," : "", result.generated[index][j]);
        printf("]");
    }
    printf("]}\n");
    llama_free(context);
    llama_model_free(model);
    return 0;
}
