module aml-inference/pause

go 1.19
