#include "tests/fuzz/model_mutator.h"

#include <random>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t size, std::size_t room);

namespace cfc::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class ModelMutator {
 public:
  explicit ModelMutator(unsigned seed) : random_(seed) {}

  int draw(std::size_t below) { return static_cast<int>(random_() % below); }

  /// Changes one field of the message, or of one somewhere in it.
  void change(Message& message) {
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    if (fields.empty()) return;
    const FieldDescriptor& field = *fields[draw(fields.size())];
    if (field.is_repeated()) {
      change_element(message, reflection, field);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      change(*reflection.MutableMessage(&message, &field));
    } else {
      change_value(message, reflection, field);
    }
  }

 private:
  void change_element(Message& message, const Reflection& reflection,
                      const FieldDescriptor& field) {
    const int count = reflection.FieldSize(message, &field);
    const int place = draw(static_cast<std::size_t>(count));
    const int what = draw(8);
    if (what == 0) return reflection.RemoveLast(&message, &field);
    if (what == 1) return reflection.SwapElements(&message, &field, place, draw(count));
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (what == 2) {
          Message& copy = *reflection.AddMessage(&message, &field);
          copy.CopyFrom(reflection.GetRepeatedMessage(message, &field, place));
        }
        return change(*reflection.MutableRepeatedMessage(&message, &field, place));
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetRepeatedString(
            &message, &field, place, changed(reflection.GetRepeatedString(message, &field, place)));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetRepeatedInt64(&message, &field, place, number());
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetRepeatedInt32(&message, &field, place,
                                           static_cast<std::int32_t>(number()));
      default:
        return;
    }
  }

  void change_value(Message& message, const Reflection& reflection, const FieldDescriptor& field) {
    if (draw(8) == 0) return reflection.ClearField(&message, &field);
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(&message, &field,
                                    changed(reflection.GetString(message, &field)));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(&message, &field, number());
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(&message, &field, static_cast<std::int32_t>(number()));
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection.SetEnumValue(&message, &field, draw(20));
      default:
        return;
    }
  }

  /// Names and weights: libFuzzer's own changes, which also take over what it has seen compared.
  std::string changed(std::string text) {
    const std::size_t size = text.size();
    text.resize(size + 4);
    auto* bytes = reinterpret_cast<std::uint8_t*>(text.data());
    text.resize(
        LLVMFuzzerMutate(bytes, size, draw(4) == 0 ? text.size() : std::max<std::size_t>(size, 1)));
    return text;
  }

  std::int64_t number() {
    constexpr std::int64_t kNear[] = {-1, 0,   1,   2,     7,         8,        14,
                                      15, 255, 256, 65536, 1LL << 31, 1LL << 62};
    return draw(4) == 0 ? static_cast<std::int64_t>(random_()) : kNear[draw(std::size(kNear))];
  }

  std::mt19937_64 random_;
};

}  // namespace

std::size_t mutate_model(std::uint8_t* bytes, std::size_t size, std::size_t room, unsigned seed) {
  ModelMutator mutator(seed);
  onnx::ModelProto model;
  if (mutator.draw(8) == 0 || !model.ParseFromArray(bytes, static_cast<int>(size))) {
    return LLVMFuzzerMutate(bytes, size, room);
  }
  for (int changes = mutator.draw(3); changes >= 0; --changes) mutator.change(model);
  if (model.ByteSizeLong() > room) return size;
  const auto written = static_cast<int>(model.ByteSizeLong());
  model.SerializeToArray(bytes, written);
  return static_cast<std::size_t>(written);
}

}  // namespace cfc::fuzz
