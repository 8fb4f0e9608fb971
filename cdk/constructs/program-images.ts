/** The two images: worker and endpoint in one, the trainer in another. */
import { fileURLToPath } from 'node:url';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { CpuArchitecture as Architectures, ContainerImage, type CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { ImageSource, StageConfig } from '../stage-config.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface ProgramImages {
  readonly worker: ContainerImage;
  readonly trainer: ContainerImage;
}

export function programImages({ images, architecture }: StageConfig): ProgramImages {
  return {
    worker: imageOf(images, 'worker', architecture),
    trainer: imageOf(images, 'trainer', architecture),
  };
}

function imageOf(
  images: ImageSource,
  name: 'worker' | 'trainer',
  architecture: StageConfig['architecture'],
): ContainerImage {
  if (images.from === 'registry') return ContainerImage.fromRegistry(images[name]);
  return ContainerImage.fromAsset(ROOT, {
    file: `image/${name}.Dockerfile`,
    platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
  });
}

export function cpuArchitecture({ architecture }: StageConfig): CpuArchitecture {
  return architecture === 'arm64' ? Architectures.ARM64 : Architectures.X86_64;
}
