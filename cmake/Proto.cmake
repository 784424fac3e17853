# loadline_proto(name DEPENDS ... PROTOS ... [SERVICES ...])
#
# A library `loadline::<name>` of generated code. Paths are relative to proto/.
# SERVICES are those of PROTOS that also define gRPC services.
function(loadline_proto name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PROTOS;SERVICES;DEPENDS")
  set(root ${PROJECT_SOURCE_DIR}/proto)
  set(out ${PROJECT_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  set(generated)
  foreach(proto IN LISTS arg_PROTOS)
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    set(outputs ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    set(plugin)
    if(proto IN_LIST arg_SERVICES)
      list(APPEND outputs ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
      set(plugin --grpc_out=${out} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    add_custom_command(OUTPUT ${outputs}
      COMMAND protobuf::protoc --proto_path=${root} --cpp_out=${out} ${plugin} ${root}/${proto}
      DEPENDS ${root}/${proto} VERBATIM)
    list(APPEND generated ${outputs})
  endforeach()
  add_library(loadline_${name} STATIC ${generated})
  add_library(loadline::${name} ALIAS loadline_${name})
  target_include_directories(loadline_${name} SYSTEM PUBLIC ${out})
  target_link_libraries(loadline_${name} PUBLIC ${arg_DEPENDS} protobuf::libprotobuf gRPC::grpc++)
  set_target_properties(loadline_${name} PROPERTIES CXX_CLANG_TIDY "")
endfunction()
